// Package warehouse is the offline half's memory: one root folder with, per
// partition, append-only interactions, tables of products and users, named
// snapshots and immutable model artefacts, all in open formats that Spark,
// DuckDB and Trino read as they are.
//
//	<root>/<partition>/
//	  interactions/dt=YYYY-MM-DD/part-<shard>-<first>-<last>.parquet
//	  products/products-<version>.parquet
//	  users/users-<version>.parquet
//	  snapshots/<name>.json
//	  checkpoints/<training>/{user_factors,item_factors}.parquet, model.json
//	  models/<id>/{user_factors,item_factors}.parquet, model.json
//	  quarantine/record.json, and what was damaged under the path it had
//
// dt is the UTC day on which the store accepted the events; <shard> and the
// range <first>–<last> are their place in the store's log. The name therefore
// says what a part holds: writing a part is the commit, where to resume is
// read off the names, and writing the same range again changes nothing. A
// file appears under its name only when it is whole (written beside, synced,
// renamed, folder synced), and every table is sealed: its metadata has the
// SHA-256 of the file, computed with zeros in the place of its digits.
package warehouse

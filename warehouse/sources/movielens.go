package sources

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"valse/store"
)

// MovieLens reads the data sets of GroupLens: 1M (.dat files with "::"
// between the fields) and latest (.csv files with a header).
type MovieLens struct{}

// Name implements [Source].
func (MovieLens) Name() string { return "movielens" }

// Describe implements [Source].
func (MovieLens) Describe() string {
	return "a MovieLens folder: ratings.dat, movies.dat, users.dat (1M), or ratings.csv, movies.csv, tags.csv (latest)"
}

// Open implements [Source].
func (MovieLens) Open(in Input) (Reader, error) {
	placed, err := layout{
		interactions: []string{"ratings.dat", "ratings.csv"},
		products:     []string{"movies.dat", "movies.csv"},
		users:        []string{"users.dat"},
	}.place(in)
	if err != nil {
		return nil, err
	}
	r := movieReader{Input: placed}
	if placed.Products != "" && !isDAT(placed.Products) {
		r.tags = find(filepath.Dir(placed.Products), []string{"tags.csv"})
	}
	return r, nil
}

// isDAT reports whether a file is of the 1M layout.
func isDAT(name string) bool {
	return strings.HasSuffix(strings.TrimSuffix(strings.ToLower(name), ".gz"), ".dat")
}

type movieReader struct {
	Input
	tags string
}

func (r movieReader) Files() []string {
	files := r.Input.files()
	if r.tags != "" {
		files = append(files, r.tags)
	}
	return files
}

func (r movieReader) Read(ctx context.Context, pass *Pass) error {
	for _, step := range []func(context.Context, *Pass) error{r.movies, r.users, r.ratings} {
		if err := step(ctx, pass); err != nil {
			return err
		}
	}
	return nil
}

func (r movieReader) movies(ctx context.Context, pass *Pass) error {
	if r.Products == "" {
		return nil
	}
	if isDAT(r.Products) {
		return pass.eachLine(ctx, r.Products, func(at Place, line []byte) error {
			fields := strings.Split(latin1(line), "::")
			if len(fields) != 3 {
				return pass.Reject(ctx, Reject{Place: at, Field: "row", Value: string(line), Reason: "not MovieID::Title::Genres"})
			}
			return pass.Product(ctx, at, movie(fields[0], fields[1], fields[2], ""))
		})
	}
	tags, err := r.topTags(ctx, pass)
	if err != nil {
		return err
	}
	return pass.eachCSV(ctx, r.Products, wantHeader(r.Products, "movieid,title,genres"), func(at Place, _, values []string) error {
		return pass.Product(ctx, at, movie(values[0], values[1], values[2], tags[values[0]]))
	})
}

// wantHeader accepts a header that is exactly so.
func wantHeader(name, want string) func([]string) error {
	return func(header []string) error {
		if got := strings.Join(header, ","); got != want {
			return fmt.Errorf("%s:1: %w", filepath.Base(name), &store.Invalid{Field: "header", Value: got, Want: want})
		}
		return nil
	}
}

var titleYear = regexp.MustCompile(`\((\d{4})\)\s*$`)

// movie makes the product of a film. Its category is that of its first genre.
func movie(id, title, genres, tags string) store.Product {
	p := store.Product{ID: id, Title: strings.TrimSpace(title), Category: "Films", Price: -1, Attributes: map[string]string{}}
	if year := titleYear.FindStringSubmatch(title); year != nil {
		if y, _ := strconv.Atoi(year[1]); y > 0 {
			p.PublishedAt = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		}
	}
	if names := strings.Split(genres, "|"); names[0] != "" && genres != "(no genres listed)" {
		p.Category += store.CategorySeparator + names[0]
		p.Attributes["genres"] = strings.Join(names, ", ")
	}
	if tags != "" {
		p.Attributes["tags"] = tags
	}
	if len(p.Attributes) == 0 {
		p.Attributes = nil
	}
	return p
}

// maxTags is how many tags a film keeps.
const maxTags = 10

// topTags returns the most frequent tags of each film, most frequent first.
func (r movieReader) topTags(ctx context.Context, pass *Pass) (map[string]string, error) {
	top := map[string]string{}
	if r.tags == "" {
		return top, nil
	}
	counts := map[string]map[string]int{}
	err := pass.eachCSV(ctx, r.tags, wantHeader(r.tags, "userid,movieid,tag,timestamp"), func(_ Place, _, values []string) error {
		film, tag := values[1], strings.ToLower(strings.TrimSpace(values[2]))
		if counts[film] == nil {
			counts[strings.Clone(film)] = map[string]int{}
		}
		counts[film][strings.Clone(tag)]++
		return nil
	})
	for film, tags := range counts {
		names := make([]string, 0, len(tags))
		for tag := range tags {
			names = append(names, tag)
		}
		slices.SortFunc(names, func(a, b string) int { return cmp.Or(tags[b]-tags[a], strings.Compare(a, b)) })
		top[film] = strings.Join(names[:min(len(names), maxTags)], ", ")
	}
	return top, err
}

// Codes of users.dat, as its README explains them.
var (
	movieAges = map[string]string{
		"1": "under 18", "18": "18-24", "25": "25-34", "35": "35-44", "45": "45-49", "50": "50-55", "56": "56 and over",
	}
	movieOccupations = []string{
		"other", "academic or educator", "artist", "clerical or admin", "college or grad student",
		"customer service", "doctor or health care", "executive or managerial", "farmer", "homemaker",
		"K-12 student", "lawyer", "programmer", "retired", "sales or marketing", "scientist",
		"self-employed", "technician or engineer", "tradesman or craftsman", "unemployed", "writer",
	}
)

func (r movieReader) users(ctx context.Context, pass *Pass) error {
	if r.Users == "" {
		return nil
	}
	return pass.eachLine(ctx, r.Users, func(at Place, line []byte) error {
		fields := strings.Split(latin1(line), "::")
		if len(fields) != 5 {
			return pass.Reject(ctx, Reject{Place: at, Field: "row", Value: string(line), Reason: "not UserID::Gender::Age::Occupation::Zip-code"})
		}
		attributes := map[string]string{"gender": fields[1], "age": fields[2], "occupation": fields[3], "zip": fields[4]}
		if age, ok := movieAges[fields[2]]; ok {
			attributes["age"] = age
		}
		if n, err := strconv.Atoi(fields[3]); err == nil && n >= 0 && n < len(movieOccupations) {
			attributes["occupation"] = movieOccupations[n]
		}
		return pass.User(ctx, at, store.User{ID: fields[0], Attributes: attributes})
	})
}

// ratings reads the long file, so it takes lines apart by hand; only a line
// with a quote needs a CSV reader.
func (r movieReader) ratings(ctx context.Context, pass *Pass) error {
	if r.Interactions == "" {
		return nil
	}
	dat := isDAT(r.Interactions)
	separator := []byte(",")
	if dat {
		separator = []byte("::")
	}
	users, films := interner{}, interner{}
	var fields [4][]byte
	return pass.eachLine(ctx, r.Interactions, func(at Place, line []byte) error {
		if !dat && at.Line == 1 {
			return wantHeader(r.Interactions, "userid,movieid,rating,timestamp")(strings.Split(strings.ToLower(string(line)), ","))
		}
		if !dat && bytes.IndexByte(line, '"') >= 0 {
			line = unquote(line)
		}
		if !split(&fields, line, separator) {
			return pass.Reject(ctx, Reject{Place: at, Field: "row", Value: string(line), Reason: "not four fields: user, movie, rating, timestamp"})
		}
		stars, err := strconv.ParseFloat(string(fields[2]), 64)
		if err != nil || stars == 0 {
			return pass.Reject(ctx, Reject{Place: at, Field: "rating", Value: string(fields[2]), Reason: "not a number of stars"})
		}
		seconds, err := strconv.ParseInt(string(fields[3]), 10, 64)
		if err != nil || seconds < -1e11 || seconds > 1e11 {
			return pass.Reject(ctx, Reject{Place: at, Field: "timestamp", Value: string(fields[3]), Reason: "not Unix seconds"})
		}
		return pass.Interaction(ctx, at, store.Interaction{
			UserID: users.text(fields[0]), ProductID: films.text(fields[1]),
			Type: store.Rating, Value: stars, Time: time.Unix(seconds, 0).UTC(),
		})
	})
}

// split cuts a line into exactly four fields, without the blanks around them.
func split(fields *[4][]byte, line, separator []byte) bool {
	for i := range 3 {
		at := bytes.Index(line, separator)
		if at < 0 {
			return false
		}
		fields[i], line = bytes.TrimSpace(line[:at]), line[at+len(separator):]
	}
	fields[3] = bytes.TrimSpace(line)
	return !bytes.Contains(line, separator)
}

// unquote takes the quotes off a CSV line whose values need none; another
// line is returned as it is, to be rejected.
func unquote(line []byte) []byte {
	values, err := csv.NewReader(bytes.NewReader(line)).Read()
	if err != nil {
		return line
	}
	return []byte(strings.Join(values, ","))
}

// interner keeps one copy of each text.
type interner map[string]string

func (n interner) text(b []byte) string {
	text, ok := n[string(b)]
	if !ok {
		text = string(b)
		n[text] = text
	}
	return text
}

// latin1 decodes a line of a .dat file, unless someone has made UTF-8 of it.
func latin1(line []byte) string {
	if utf8.Valid(line) {
		return string(line)
	}
	runes := make([]rune, len(line))
	for i, b := range line {
		runes[i] = rune(b)
	}
	return string(runes)
}

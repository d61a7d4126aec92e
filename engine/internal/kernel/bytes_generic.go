package kernel

func dotBytesGeneric(dst []float32, rows []int8, x []int16) {
	for i := range dst {
		row := rows[i*len(x):][:len(x)]
		sum := int32(0)
		for k, v := range x {
			sum += int32(v) * int32(row[k])
		}
		dst[i] = float32(sum)
	}
}

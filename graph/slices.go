package graph

// Lists are kept from one compilation to the next: a frame that is no larger than
// those before allocates nothing.

// resize returns n elements of any content, in the memory of list if they fit.
func resize[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n, n+n/4)
	}
	return list[:n]
}

// zeroed returns n zeros, in the memory of list if they fit.
func zeroed[T any](list []T, n int) []T {
	list = resize(list, n)
	clear(list)
	return list
}

// filled returns n times the same, in the memory of list if they fit.
func filled[T any](list []T, n int, with T) []T {
	list = resize(list, n)
	for i := range list {
		list[i] = with
	}
	return list
}

package graph

// readyList gives, of the passes in it, the one with the least key, and of equal
// ones the one with the least turn. It is a binary heap.
type readyList struct {
	key   []float64 // by pass
	turn  []int32
	where []int32 // place in heap + 1; 0 for none
	heap  []int32
}

// reset empties the list, for passes up to n. Turns are those of declaration.
func (l *readyList) reset(n int) {
	l.key, l.turn, l.where, l.heap = resize(l.key, n), resize(l.turn, n), resize(l.where, n), l.heap[:0]
	clear(l.key)
	clear(l.where)
	for i := range l.turn {
		l.turn[i] = int32(i)
	}
}

func (l *readyList) less(x, y int32) bool {
	if l.key[x] != l.key[y] {
		return l.key[x] < l.key[y]
	}
	return l.turn[x] < l.turn[y]
}

func (l *readyList) put(place int, x int32) {
	l.heap[place], l.where[x] = x, int32(place+1)
}

func (l *readyList) push(x int32) {
	l.heap = append(l.heap, x)
	l.put(len(l.heap)-1, x)
	l.rise(x)
}

// rise moves a pass, if it is in the list, to where its lower key belongs.
func (l *readyList) rise(x int32) {
	for i := int(l.where[x]) - 1; i > 0; {
		up := (i - 1) / 2
		if !l.less(x, l.heap[up]) {
			return
		}
		l.put(i, l.heap[up])
		l.put(up, x)
		i = up
	}
}

func (l *readyList) pop() int32 {
	top, n := l.heap[0], len(l.heap)-1
	x := l.heap[n]
	l.heap = l.heap[:n]
	l.where[top] = 0
	if n == 0 {
		return top
	}
	i := 0
	for {
		down := 2*i + 1
		if down+1 < n && l.less(l.heap[down+1], l.heap[down]) {
			down++
		}
		if down >= n || !l.less(l.heap[down], x) {
			break
		}
		l.put(i, l.heap[down])
		i = down
	}
	l.put(i, x)
	return top
}

// Package barriers turns what passes access into the queue barriers that
// order them, and checks such barriers. It knows stages and no GPU.
package barriers

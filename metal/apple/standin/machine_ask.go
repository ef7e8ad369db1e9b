package standin

// FailNextCommit makes the GPU report an error of the next commit, by its
// feedback: code is of MTL4CommandQueueError. What was committed runs all the
// same.
func (r *Runtime) FailNextCommit(code int, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.machine.failures = append(r.machine.failures, failure{code, text})
}

// Encoded lists the encoders of all commits and the barriers in each, in order,
// one a line. It needs Options.Log.
func (r *Runtime) Encoded() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.machine.encoded()
}

// Presented is how many drawables were presented.
func (r *Runtime) Presented() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.machine.presented
}

// Package barriers turns what passes access into the queue barriers that order
// them, and checks such barriers, whoever made them. It knows the stages of
// Metal 4 and no GPU.
//
// # Model
//
// A [Frame] lists the passes of one frame in encoding order, the encoders that
// hold them, and what each pass accesses, where, in which stages. The frame
// repeats for ever on one queue, which tracks nothing by itself: work may
// overlap and change places unless a barrier forbids it, in one frame and from
// one frame to the next.
//
// An event is one stage of one pass of one frame. Each [Barrier] is a set of
// pairs of events: those of its stages After that it covers, before those of its
// stages Before that it holds back. What it covers and holds back follows from
// its [Kind] and place. A consumer barrier is credited for its own encoder only;
// documents differ on whether it holds back later ones, so nothing leans on it.
//
// Two accesses conflict if they come from different passes, or from one pass in
// two frames, touch the same part of the same copy of a resource or overlapping
// memory of two transients, and one of them writes. A conflict is met if a chain
// of barriers leads from the first event to the second, each link ending in the
// event where the next begins: a stage that really runs. If the first access
// writes, there must be a chain whose every link has device visibility. Barriers
// are sufficient if all conflicts are met, and irredundant if no barrier, no
// stage of one and no visibility can go without breaking that.
//
// # Derivation
//
// [Derive] works in six steps, one file each.
//
// Hazards (hazards.go, cells.go, memory.go). Each resource is cut into cells at
// the bounds of the parts accessed, each copy apart. Walking a cell's accesses
// in order gives the direct hazards: from each last writer to the next readers
// and the next writer, from the readers since to the next writer. With h frames
// of history a copy has met every access after h+1 frames, and the hazards that
// end in the frame after are those of all later frames. Memory is cut the same
// way: the last users of one tenant come before the first users of the next.
//
// Placing (derive.go, chains.go). Conflicts are visited by the time of their
// second access. One that no chain orders yet gets a barrier at the last point
// that can help, as in stabbing intervals with the fewest points: just ahead of
// the second access's encoder, where it serves all later encoders as well, or
// before its pass inside the encoder.
//
// Reducing (reduce.go). Each barrier, then each stage and each visibility is
// taken away if all conflicts stay met. One chain is kept for each conflict; a
// change can break only conflicts whose chain uses what is lost.
//
// Improving (improve.go). Each barrier tries earlier places as long as all
// conflicts stay met, and stays where the frame is shortest by the estimate of
// [Makespan]; barriers that meet are joined if the frame gets no longer. Then
// the result is reduced again.
//
// Narrowing. A producer barrier that only the next encoder uses becomes a
// consumer barrier there; consumers move down to the first pass that needs them
// and producers up to the last that is waited for.
//
// Reasons (reasons.go). A barrier's Because are the direct hazards that no chain
// without it meets. Explain finds them for barriers that are there already.
//
// Sufficient. Placing leaves every direct hazard met, for the barrier it adds is
// by itself a chain, and all later steps change something only if all direct
// hazards stay met, or take in a barrier that covers more. Every other conflict
// follows. Say a and b conflict on a cell and are not a direct hazard. Then a
// pass w between them writes the cell; take the first after a. From a to w there
// is a direct hazard, which flushes if a writes. From w to b there is a
// conflict that spans less, so by induction it is met, and since w writes it is
// met with flushes. Both chains join in the event of w. For b a frame or more
// away the same holds, for each access comes back after as many frames as there
// are copies. In shared memory, each tenant's first users include a write that
// its last users follow in this way, so tenants further apart follow, too. One
// case is left: attachments of passes merged into one encoder, which Metal
// orders without a chain. There a barrier that covers the fragment stage of the
// later pass covers that of the earlier, and one that holds back that of the
// earlier holds back that of the later, so w stands for both.
//
// Irredundant. Taking away is monotone: with less left, fewer chains exist, so
// what was needed at its turn stays needed, and one round of reducing is enough.
// Narrowing only shrinks what barriers cover and hold back while it keeps all
// conflicts met, so the same argument covers it. Because is never empty: if all
// direct hazards were met without the barrier, all conflicts would be, and
// reducing would have taken it away.
//
// Complexity, for n passes, h direct hazards (a few for each access) and b
// barriers: hazards O(h log h) and linear memory; one look for a chain visits at
// most the passes between the two accesses, and stops as soon as a barrier holds
// all later encoders, so placing takes O(h n) at worst and O(h) in frames whose
// neighbours depend on each other; reducing takes a few looks for each stage of
// each barrier; improving takes at most 16 estimates of O(n) for each barrier,
// O(b n), which is the largest part of long frames.
//
// # Check
//
// [Check] shares no code with that, nor the method: it looks at every conflict,
// near or far. All events walk along the queue together (walk.go). What a walk
// does next depends on five sets of stages alone: those that follow the start in
// earlier encoders and in this one, and those that are held back in this encoder,
// in this and all later ones, from the next one on. So events whose sets are
// equal become one crowd (crowd.go); crowds only join, and as barriers make them
// alike there are few. Each access looks up, by place and crowd, what was done
// there before and conflicts (clashes.go, places.go), and sees at a glance
// whether the crowd is bound to come before.
//
// What of a barrier is needed shows in a look ahead from where it stands
// (rivals.go): the crowds that walk otherwise without it are followed until an
// access meets a crowd that it would no longer come after, which proves the need,
// or until nothing is different any more. That is exact, though a barrier taken
// away is missing in every frame: the look begins at each of its occurrences, and
// goes on without it. [CheckReasons] looks ahead in the same way to where a
// reason ends.
//
// Complexity, for a accesses, c crowds at one time and d passes until a look ahead
// sees no difference: O(c a) for the pairs, O(c d) for each stage of each barrier,
// and O(log a) times that where the parts of one resource are many. The next
// barrier between the same stages ends a look ahead, so d is small where barriers
// are dense; frames of 100,000 passes take about a second.
//
// The tests hold both against a model queue that plays, for each conflict, the
// schedule that delays the first access for as long as the barriers let it.
package barriers

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
// [Derive] and [Deriver.Derive] work in these steps; [Deriver.Derive] lists them.
// A caller who compares frames can stop after some: [Deriver.Place] places and
// reduces, [Deriver.Route] and [Deriver.Shorten] search for a shorter frame, and
// [Deriver.Thin] joins. After each the barriers are narrowed, and complete.
//
// Needs (hazards.go, cells.go, memory.go). Each resource is cut into cells at the
// bounds of the parts accessed, each copy apart. Walking the accesses in order
// gives the direct hazards: from each last writer to the next readers and the
// next writer, from the readers since to the next writer. With h frames of
// history a copy has met every access after h+1 frames. Memory that is shared is
// walked the same way: the last uses of one tenant come before the first of the
// next. A need is a hazard between two stages. It is left out if another one
// implies it: whatever waits for a stage of the last pass of an encoder, or for
// fragment or tile, begins with a barrier between encoders and so waits for that
// stage in all encoders before. A few needs are left for each pass.
//
// Placing (place.go). Needs are visited by the time of their second access. One
// that nothing meets yet gets a barrier at the last point that can help, as in
// stabbing intervals with the fewest points: behind the encoder before, where it
// serves all later encoders as well, or ahead of its pass inside the encoder. A
// table by pairs of stages says whether one barrier meets a need; only if none
// does, chains.go follows what is bound to come after its first access.
//
// Reducing (reduce.go, witness.go). Each need keeps a certificate, the chain that
// meets it. Each barrier, then each stage and each visibility is taken away if
// all needs whose certificate uses it are met in another way. Most are proven
// needed without that: a need with one barrier only between its passes that can
// begin, or end, a chain is a witness.
//
// Searching (improve.go, route.go, spread.go, backward.go), in frames of up to 64
// passes that are longer than the bound: the time that everything takes if stages
// wait for what needs ask and for what any barrier must wait for besides. From
// nothing, each need is met where it costs least: at each place between its
// passes, a look at how early what is covered ends, and how late what is held
// may start, says at least how much longer the frame gets, and the best are tried.
// Then one barrier after another that makes the frame longer is taken away and
// what it did is met in other ways.
//
// Branching (branch.go, parts.go, waits.go), in frames of up to 12 passes that are
// longer than the bound still: any plan is a union of barriers from one stage to
// one stage. Those that delay nothing whatever else comes are taken, those with
// which no plan is shorter than the best are left out, and of those that may lead
// on from one end of a need that is left, each is tried in turn. So the frame gets
// as short as any barriers make it, unless the effort ends before.
//
// Joining (join.go, fewer.go). Barriers move to where others stand and become one
// with them, and are taken away one or two at a time if others, made wider, can
// take over: as long as the frame gets no longer.
//
// Narrowing (narrow.go). A producer barrier that only the next encoder uses
// becomes a consumer barrier there; consumers move down to the first pass that
// needs them and producers up to the last that is waited for.
//
// Reasons (explain.go, reasons.go) are found when asked for: a barrier's Because
// are the direct hazards that no chain without it meets.
//
// Sufficient. Placing leaves every need met, for the barrier it adds is by itself
// a chain, and all later steps change something only if all needs stay met. So
// all direct hazards are met, and every other conflict follows. Say a and b
// conflict on a cell and are not a direct hazard. Then a pass w between them
// writes the cell; take the first after a. From a to w there is a direct hazard,
// which flushes if a writes. From w to b there is a conflict that spans less, so
// by induction it is met, and since w writes it is met with flushes. Both chains
// join in the event of w. For b a frame or more away the same holds, for each
// access comes back after as many frames as there are copies. In shared memory,
// each tenant's first users include a write that its last users follow in this
// way, so tenants further apart follow, too. One case is left: attachments of
// passes merged into one encoder, which Metal orders without a chain. There a
// barrier that covers the fragment stage of the later pass covers that of the
// earlier, and one that holds back that of the earlier holds back that of the
// later, so w stands for both.
//
// Irredundant. Taking away is monotone: with less left, fewer chains exist, so
// what was needed at its turn stays needed, and one round of reducing is enough;
// it comes last but for narrowing. That only shrinks what barriers cover and hold
// back while it keeps all certificates, so the same argument covers it. Because
// is never empty: if all direct hazards were met without the barrier, all
// conflicts would be, and reducing would have taken it away.
//
// Complexity, for n passes and a accesses: needs, placing and reducing take
// O(n + a) as long as one barrier meets most needs, as in frames whose neighbours
// depend on each other. A look for a chain stops as soon as a barrier holds all
// later encoders back. In long frames it skips blocks of passes in which nothing
// is news to it (overview.go): the stages reached and held only grow, so with s
// stages O(s) blocks are walked through and O(s log n) looked at, but for blocks
// that promise more than comes of it. The search is bounded by a fixed number of
// passes looked at.
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

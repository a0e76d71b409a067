package dev.weft.perf.contention;

import org.jspecify.annotations.Nullable;

/**
 * A worker: Worker, FrameOrder, Thief, LifoGate, Backlog and Nap of the scheduler, as far as others
 * notice them. It has no I/O loop and no timers: it looks at the wheels, and nothing is ever due.
 */
final class Worker extends Agent {
  private static final int EVENT_INTERVAL = 61;
  private static final int MAX_LIFO_POLLS = 3;
  private static final int INJECTION_INTERVAL = 127; // 200 us, in polls, and 127 at most
  private static final int STEAL_ATTEMPTS = 4;

  private enum State {
    LOOKING,
    POLLING,
    VISITING,
    TAKING,
    AT_THE_GATES,
    DRAINING,
    LAST_LOOK,
    ASLEEP;

    /** Whether it looks at what others have, and not at its own. */
    boolean isElsewhere() {
      return this == VISITING || this == TAKING || this == AT_THE_GATES || this == LAST_LOOK;
    }
  }

  private final Crew crew;
  private final Design design;
  final Ring ring = new Ring();
  private final LifoGate gate;

  final Backlog backlog = new Backlog(this);

  /** WorkerCounters; written in each poll. */
  private final Line counters = new Line();

  private int polls;

  private State state = State.LOOKING;
  private @Nullable SimTask polled;
  private boolean searching;
  private boolean permit;
  private int random;
  private int untilEvents = EVENT_INTERVAL;
  private int untilInjected;
  private int lifoPolls;

  /** Where the search is. */
  private int start;

  private int visited;
  private @Nullable Worker victim;
  private int attempts;
  private int headSeen;
  private int wanted;

  /** What it takes out of the injection queue: the first, and how many more at most. */
  private @Nullable SimTask drained;

  private int room;

  private long asleepSince;

  Worker(Crew crew, int index, int seed) {
    super(index, crew.tally);
    this.crew = crew;
    this.design = crew.design;
    this.gate = new LifoGate(this);
    this.random = seed | 1;
  }

  @Override
  void step() {
    long before = tally.transfers;
    boolean elsewhere = state.isElsewhere();
    go();
    if (elsewhere) {
      tally.searchTransfers += tally.transfers - before;
    }
  }

  private void go() {
    switch (state) {
      case LOOKING -> look();
      case POLLING -> poll();
      case VISITING -> visit();
      case TAKING -> take();
      case AT_THE_GATES -> visitGate();
      case DRAINING -> drain();
      case LAST_LOOK -> lookOnceMore();
      case ASLEEP -> rise();
    }
  }

  // ---- what tasks call

  void spawn(SimTask.Body body) {
    now += Costs.MAKE;
    SimTask task = new SimTask(this, body);
    crew.live.add(this, task);
    schedule(task);
  }

  void schedule(SimTask task) {
    SimTask displaced = ring.pushLifo(this, task, design.slotIsOpen());
    if (displaced != null) {
      ring.push(this, displaced);
      backlog.offer();
    }
    if (displaced != null || design.wakesForSlot()) {
      crew.wakeOne(this);
    }
  }

  /** Before the run: what it has to do first. */
  void begins(SimTask.Body body) {
    SimTask task = new SimTask(this, body);
    crew.live.add(this, task);
    ring.push(this, task);
  }

  // ---- the loop

  private void look() {
    if (--untilEvents < 0) {
      handleEvents();
    }
    if (--untilInjected < 0) {
      untilInjected = INJECTION_INTERVAL - 1;
      if (beginsToDrain()) {
        return;
      }
    }
    SimTask task = next();
    if (task != null) {
      begin(task);
    } else if (!beginsToDrain()) {
      search();
    }
  }

  private @Nullable SimTask next() {
    SimTask task = ring.popLifo(this);
    if (task != null) {
      if (lifoPolls < MAX_LIFO_POLLS) {
        lifoPolls++;
        return task;
      }
      ring.push(this, task);
      backlog.offer();
    }
    lifoPolls = 0;
    return ring.pop(this);
  }

  /** The first step of taking injected tasks; there is a step for each. */
  private boolean beginsToDrain() {
    drained = crew.injection.takeFirst(this);
    room = Math.max(1, Ring.CAPACITY - ring.size()) - 1;
    if (drained == null) {
      return false;
    }
    state = State.DRAINING;
    return true;
  }

  private void drain() {
    SimTask more = room-- > 0 ? crew.injection.takeNext(this) : null;
    if (more != null) {
      ring.push(this, more);
      return;
    }
    crew.injection.endTaking(this);
    if (!ring.isEmptyToOwner()) {
      backlog.offer();
    }
    SimTask first = drained;
    if (first == null) {
      throw new IllegalStateException("has drained nothing");
    }
    begin(first);
  }

  private void begin(SimTask task) {
    if (searching) {
      searching = false;
      if (crew.sleepers.stopSearching(this) && (design.wakesBlindly() || seesSomethingQueued())) {
        crew.wakeOne(this);
      }
    }
    now += Costs.POLL;
    polls++;
    store(counters);
    load(task.line);
    store(task.line);
    polled = task;
    pauses(crew.jitter(crew.work));
    state = State.POLLING;
  }

  /** Crew.hasQueuedFor. */
  private boolean seesSomethingQueued() {
    boolean sees = !crew.injection.isEmpty(this);
    for (int i = 0; i < crew.workers.length && !sees; i++) {
      Worker other = crew.workers[i];
      sees = (other == this || other.backlog.isOffered(this)) && !other.ring.looksEmpty(this);
    }
    return sees;
  }

  private void poll() {
    SimTask task = polled;
    if (task == null) {
      throw new IllegalStateException("polls nothing");
    }
    SimTask.Progress progress = task.body.go(this, task);
    if (progress == SimTask.Progress.ENDED) {
      atomic(task.line); // the result
      crew.live.remove(this, task);
    }
    if (progress != SimTask.Progress.GOES_ON) {
      polled = null;
      state = State.LOOKING;
    }
  }

  private void handleEvents() {
    untilEvents = EVENT_INTERVAL - 1;
    now += Costs.CLOCK + crew.workers.length * Costs.HIT; // each wheel's next timer
    store(backlog.life);
    backlog.beforeBatch();
    backlog.batchBegins();
    if (backlog.offerIfWorthIt(crew.work)) {
      crew.wakeOne(this);
    }
  }

  // ---- the thief

  private void search() {
    if (!searching && !crew.sleepers.startSearching(this)) {
      goToSleep();
      return;
    }
    searching = true;
    now += Costs.CLOCK;
    start = Math.floorMod(nextRandom(), crew.workers.length);
    visited = 0;
    state = State.VISITING;
  }

  private void visit() {
    if (visited == crew.workers.length) {
      visited = 0;
      state = State.AT_THE_GATES;
      return;
    }
    Worker other = crew.workers[(start + visited++) % crew.workers.length];
    if (other == this || !other.backlog.isOffered(this)) {
      return;
    }
    victim = other;
    attempts = 0;
    seeHead(other);
  }

  /** The first half of a theft; the other is the next step. */
  private void seeHead(Worker other) {
    headSeen = other.ring.headSeen(this);
    wanted = other.ring.half();
    if (wanted > 0) {
      other.ring.copy(this, ring, headSeen, wanted);
      state = State.TAKING;
      return;
    }
    state = State.VISITING;
    SimTask task = other.ring.takeOverflow(this, ring);
    if (task != null) {
      stole(task, ring.size() + 1, false);
    }
  }

  private void take() {
    Worker other = victim;
    if (other == null) {
      throw new IllegalStateException("takes from nobody");
    }
    SimTask task = other.ring.take(this, ring, headSeen, wanted);
    if (task != null) {
      stole(task, wanted, false);
      return;
    }
    tally.lostRaces++;
    if (++attempts < STEAL_ATTEMPTS) {
      seeHead(other);
    } else {
      state = State.VISITING;
    }
  }

  private void stole(SimTask task, int frames, boolean outOfSlot) {
    tally.steals++;
    tally.stolenFrames += frames;
    store(counters);
    if (!outOfSlot) {
      backlog.offer();
    }
    begin(task);
  }

  private void visitGate() {
    if (visited < crew.workers.length) {
      Worker other = crew.workers[visited++];
      SimTask task = other == this ? null : gate.visit(other, design.slotIsOpen());
      if (task != null) {
        stole(task, 1, true);
      }
      return;
    }
    if (!beginsToDrain()) {
      tally.failedSearches++;
      goToSleep();
    }
  }

  private int nextRandom() {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return random >>> 1;
  }

  // ---- what thieves ask

  /** The count of polls. */
  int pollsSeen(Agent thief) {
    thief.load(counters);
    return polls;
  }

  // ---- sleep

  private void goToSleep() {
    ring.clearStale(this);
    now += Costs.CLOCK;
    store(backlog.life);
    storeVolatile(backlog.life); // asleep
    crew.sleepers.sleep(this, searching);
    searching = false;
    now += crew.workers.length * Costs.HIT; // the wheels, for the alarm
    visited = 0;
    state = State.LAST_LOOK;
    if (!crew.injection.isEmpty(this)) {
      rise();
    }
  }

  private void lookOnceMore() {
    if (visited < crew.workers.length) {
      Worker other = crew.workers[visited++];
      if ((other == this || other.backlog.isOffered(this)) && !other.ring.looksEmpty(this)) {
        rise();
      }
      return;
    }
    state = State.ASLEEP;
    asleepSince = Long.MAX_VALUE;
    if (!permit) {
      backlog.beforeBatch();
      asleepSince = now;
      blocked = !gate.wantsNap();
      pauses(blocked ? 0 : LifoGate.AGE);
    }
  }

  /** By who has taken it off the list of sleepers. */
  void unparked(long at) {
    if (state != State.ASLEEP || permit) {
      permit = true; // before it blocks
      return;
    }
    permit = true;
    if (blocked || at < now) { // else it gets up by itself sooner
      sleepsUntil(at);
      now = at + Costs.RISE;
    }
  }

  private void sleepsUntil(long end) {
    tally.asleep += Math.max(0, end - asleepSince);
    asleepSince = Long.MAX_VALUE;
  }

  /** At the end of a run. */
  void finish(long end) {
    if (state == State.ASLEEP && asleepSince != Long.MAX_VALUE) {
      sleepsUntil(end);
    }
  }

  private void rise() {
    if (state == State.ASLEEP && asleepSince != Long.MAX_VALUE) {
      sleepsUntil(now); // by its alarm
    }
    permit = false;
    searching |= crew.sleepers.rise(this);
    storeVolatile(backlog.life); // awake
    handleEvents();
    state = State.LOOKING;
  }
}

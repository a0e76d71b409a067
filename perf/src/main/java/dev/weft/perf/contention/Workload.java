package dev.weft.perf.contention;

import dev.weft.perf.contention.SimTask.Body;
import dev.weft.perf.contention.SimTask.Progress;

/** What the tasks do. Each poll has a microsecond of work of its own, but for one. */
enum Workload {
  /** One task starts all the others, which do nothing: SpawnManyLocal. */
  ONE_SPAWNS_NOTHING("one task spawns all, empty", 0) {
    @Override
    void begin(Crew crew, int units) {
      crew.workers[0].begins(spawner(units));
    }
  },

  /** One task starts all the others. */
  ONE_SPAWNS("one task spawns all", Costs.WORK) {
    @Override
    void begin(Crew crew, int units) {
      crew.workers[0].begins(spawner(units));
    }
  },

  /** A thread that is no worker starts them. */
  OUTSIDE("a thread outside spawns", Costs.WORK) {
    @Override
    void begin(Crew crew, int units) {
      crew.add(new Outsider(crew, units, 0, Workload::shortTask));
    }
  },

  /** Half as many pairs as there are workers; in each, two tasks send each other messages. */
  PAIRS("pairs send messages", Costs.WORK) {
    @Override
    void begin(Crew crew, int units) {
      starts(crew, Pair::new);
    }
  },

  /** Half as many chains as there are workers; in each, a task starts the next and ends. */
  CHAINS("chains of spawns", Costs.WORK) {
    @Override
    void begin(Crew crew, int units) {
      starts(crew, () -> Workload::link);
    }
  },

  /**
   * A thread outside starts a task, which starts another and ends, and the next 10 us later: a
   * server with short handlers, and far from busy. The case of Tokio's issue 8065.
   */
  REQUESTS("requests, each of two tasks", Costs.WORK) {
    @Override
    void begin(Crew crew, int units) {
      crew.add(new Outsider(crew, units / 2, PERIOD, Workload::handler));
    }
  },

  /** A task on each worker starts others, 32 at a time. */
  EACH_SPAWNS("each worker spawns", Costs.WORK) {
    @Override
    void begin(Crew crew, int units) {
      for (Worker worker : crew.workers) {
        worker.begins(spawnerOfSome());
      }
    }
  };

  private static final long PERIOD = 10_000;

  private static final int AT_ONCE = 32;

  final String title;
  private final long work;

  Workload(String title, long work) {
    this.title = title;
    this.work = work;
  }

  abstract void begin(Crew crew, int units);

  /** Counts one run with so many workers. */
  Tally run(int workers, Design design, long seed) {
    Crew crew = new Crew(workers, design, work, seed);
    int units = units(workers);
    begin(crew, units);
    return crew.run(units);
  }

  /** How many tasks or messages a run has. */
  static int units(int workers) {
    return 6_000 + 250 * workers;
  }

  private interface Bodies {
    Body next();
  }

  private static void starts(Crew crew, Bodies bodies) {
    int[] left = {Math.max(1, crew.workers.length / 2)};
    crew.workers[0].begins(
        (worker, self) -> {
          worker.spawn(bodies.next());
          return --left[0] == 0 ? Progress.ENDED : Progress.GOES_ON;
        });
  }

  private static Progress shortTask(Worker worker, SimTask self) {
    worker.tally.units++;
    return Progress.ENDED;
  }

  private static Progress handler(Worker worker, SimTask self) {
    worker.spawn(Workload::shortTask);
    return shortTask(worker, self);
  }

  private static Progress link(Worker worker, SimTask self) {
    worker.tally.units++;
    worker.spawn(Workload::link);
    return Progress.ENDED;
  }

  private static Body spawner(int tasks) {
    int[] left = {tasks};
    return (worker, self) -> {
      worker.spawn(Workload::shortTask);
      return --left[0] == 0 ? Progress.ENDED : Progress.GOES_ON;
    };
  }

  /** Starts some, and then its own successor. */
  private static Body spawnerOfSome() {
    int[] left = {AT_ONCE};
    return (worker, self) -> {
      if (left[0]-- > 0) {
        worker.spawn(Workload::shortTask);
        return Progress.GOES_ON;
      }
      worker.spawn(spawnerOfSome());
      return Progress.ENDED;
    };
  }

  /** Starts tasks from outside, one in each step. */
  private static final class Outsider extends Agent {
    private final Crew crew;
    private final long period;
    private final Body body;
    private int left;

    Outsider(Crew crew, int tasks, long period, Body body) {
      super(crew.workers.length, crew.tally);
      this.crew = crew;
      this.period = period;
      this.body = body;
      this.left = tasks;
    }

    @Override
    void step() {
      now += Costs.MAKE;
      SimTask task = new SimTask(this, body);
      crew.live.add(this, task);
      crew.injection.push(this, task);
      crew.wakeOne(this);
      blocked = --left == 0;
      pauses(crew.jitter(period));
    }
  }

  /** Two tasks, and the futures by which each awaits the other's next message. */
  private static final class Pair implements Body {
    private SimFuture[] next = new SimFuture[2];
    private boolean started;

    @Override
    public Progress go(Worker worker, SimTask self) {
      if (!started) {
        started = true;
        next = new SimFuture[] {new SimFuture(worker), new SimFuture(worker)};
        worker.spawn((where, partner) -> receive(where, partner, 1));
      }
      return receive(worker, self, 0);
    }

    /** Sends to the other one, if a message has come; the first sends without. */
    private Progress receive(Worker worker, SimTask self, int side) {
      worker.tally.units++;
      next[side] = new SimFuture(worker);
      SimFuture mine = next[side];
      next[1 - side].complete(worker);
      return mine.isDoneOrParks(worker, self) ? Progress.GOES_ON : Progress.PARKED;
    }
  }
}

package dev.weft.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes a program that is run differently by Node and by Weft as small as it can. */
final class Shrinker {
  /** How often a candidate is run in Node, all of which must differ from Weft. */
  private static final int RUNS = 3;

  private static final int MAX_ROUNDS = 100;

  private final RealNode node;

  Shrinker(RealNode node) {
    this.node = node;
  }

  List<Statement> shrink(List<Statement> program) throws IOException, InterruptedException {
    List<Statement> smallest = program;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<Statement> smaller = firstThatDiffers(candidates(smallest));
      if (smaller == null) {
        return smallest;
      }
      smallest = smaller;
    }
    return smallest;
  }

  /** Runs all candidates in one process of Node, because starting it is what takes long. */
  private List<Statement> firstThatDiffers(List<List<Statement>> candidates)
      throws IOException, InterruptedException {
    List<List<Statement>> batch = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      batch.addAll(candidates);
    }
    List<List<String>> logs = node.logs(batch);
    for (int i = 0; i < candidates.size(); i++) {
      List<String> mine = ProgramRun.log(candidates.get(i));
      boolean differs = true;
      for (int run = 0; run < RUNS; run++) {
        List<String> its = logs.get(run * candidates.size() + i);
        differs &= !mine.equals(its) && !its.equals(RealNode.FAULT);
      }
      if (differs) {
        return candidates.get(i);
      }
    }
    return null;
  }

  /** Every program with one statement less, or with one replaced by what is in it. */
  static List<List<Statement>> candidates(List<Statement> body) {
    List<List<Statement>> all = new ArrayList<>();
    for (int i = 0; i < body.size(); i++) {
      List<Statement> without = new ArrayList<>(body);
      without.remove(i);
      all.add(without);
    }
    for (int i = 0; i < body.size(); i++) {
      Statement statement = body.get(i);
      List<List<Statement>> inner = statement.bodies();
      for (int which = 0; which < inner.size(); which++) {
        for (List<Statement> smaller : candidates(inner.get(which))) {
          List<List<Statement>> changed = new ArrayList<>(inner);
          changed.set(which, smaller);
          all.add(Statement.replace(body, i, it -> it.with(changed)));
        }
      }
    }
    return all;
  }
}

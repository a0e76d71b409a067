package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Generated programs log the same order in Node.js and here.
 *
 * <p>{@code -Dnode.programs=} is how many, {@code -Dnode.seed=} the seed of the first; the seed of
 * a program that differs is in the message, with the program made as small as it goes.
 */
class NodeDifferentialTest {
  private static final int PROGRAMS = Integer.getInteger("node.programs", 100);
  private static final int BATCH = 50;

  /** How often a program that differs is run again, to see whether Node agrees with itself. */
  private static final int RERUNS = 4;

  /**
   * How many times longer all durations are then, in Node. On a busy machine it comes too late to a
   * timer, and finds the next one due as well; the order of a program that is run here, where the
   * clock stands still, is that of a machine which is never late.
   */
  private static final int[] SLOWER = {16, 128};

  /** The share of programs whose order Node leaves open even so: most of its runs have another. */
  private static final double MAX_OPEN = 0.1;

  private int open;

  @Test
  @Timeout(1200)
  void runsGeneratedProgramsInNodesOrder() throws Exception {
    Optional<RealNode> node = RealNode.find();
    if (node.isEmpty()) {
      System.out.println("No node from v20 on is installed: the differential test is left out");
      abort("no node");
    }
    long seed = Long.getLong("node.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));
    System.out.println(
        "Comparing "
            + PROGRAMS
            + " programs with Node "
            + node.get().version()
            + ", seeds from "
            + seed);
    for (int done = 0; done < PROGRAMS; done += BATCH) {
      compare(node.get(), seed + done, Math.min(BATCH, PROGRAMS - done));
    }
    System.out.println("All agree; Node itself left " + open + " of them open");
    assertThat(open).isLessThanOrEqualTo((int) Math.ceil(PROGRAMS * MAX_OPEN));
  }

  /** On a version of Node that has the fault, the second program would never end. */
  @Test
  void aProgramThatNodeItselfCannotRunStopsNoOthers() throws Exception {
    Optional<RealNode> node = RealNode.find();
    if (node.isEmpty()) {
      abort("no node");
    }
    List<Statement> before = new ProgramGenerator(1).program();
    List<Statement> faulty = new ProgramGenerator(917_314_951).program();

    List<List<String>> logs = node.get().logs(List.of(before, faulty, before));

    assertThat(logs).hasSize(3);
    assertThat(List.of(logs.get(0), logs.get(2))).doesNotContain(RealNode.FAULT);
  }

  private void compare(RealNode node, long firstSeed, int count) throws Exception {
    List<List<Statement>> programs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      programs.add(new ProgramGenerator(firstSeed + i).program());
    }
    List<List<String>> expected = node.logs(programs);
    assertThat(expected).hasSize(count);
    for (int i = 0; i < count; i++) {
      List<String> mine = ProgramRun.log(programs.get(i));
      if (mine.equals(expected.get(i))) {
        continue;
      }
      if (expected.get(i).equals(RealNode.FAULT)) {
        open++;
        continue;
      }
      int agreeing = agreeing(node, programs.get(i), mine);
      if (agreeing > 0) {
        open += agreeing < RERUNS / 2 ? 1 : 0;
        continue;
      }
      List<Statement> smallest = new Shrinker(node).shrink(programs.get(i));
      fail(
          "Seed %d is run differently:%n%s%nNode: %s%nWeft: %s",
          firstSeed + i,
          RealNode.print(smallest),
          node.logs(smallest, 1).get(0),
          ProgramRun.log(smallest));
    }
  }

  /** How many reruns of a slower Node have this log. */
  private static int agreeing(RealNode node, List<Statement> program, List<String> log)
      throws Exception {
    int agreeing = 0;
    for (int i = 0; i < SLOWER.length && agreeing == 0; i++) {
      List<List<Statement>> reruns = Collections.nCopies(RERUNS, program);
      agreeing = Collections.frequency(node.slowLogs(reruns, SLOWER[i]), log);
    }
    return agreeing;
  }
}

package dev.weft.perf.compare;

import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.Request;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One load that servers are compared under.
 *
 * @param name how it is called in results, {@code echo-64x64}
 * @param question what it answers
 * @param plan the load; its port is filled in
 */
public record Scenario(String name, String question, LoadPlan plan) {
  private static final Duration BURN = Duration.ofMillis(100);
  private static final Duration COMPUTE = Duration.ofMillis(1);
  private static final int SMALL = 64;
  private static final int LARGE = 16 * 1024;

  /** Echo: what a message costs, and how long it takes. */
  static List<Scenario> echo() {
    return List.of(
        echo("echo-64x64", "What does a small message cost?", 64, SMALL),
        echo("echo-64x16k", "What does a large message cost?", 64, LARGE),
        echo("echo-1000x64", "Does it stay even with many connections?", 1000, SMALL));
  }

  private static Scenario echo(String name, String question, int connections, int size) {
    return new Scenario(name, question, LoadPlan.defaults(0).withConnections(connections, size));
  }

  /**
   * 64 connections, of which one burns 100 ms at a time, without a pause; each of the others has a
   * message due every 10 ms.
   */
  static List<Scenario> mixed() {
    LoadPlan paced = LoadPlan.defaults(0).withRate(6300);
    return List.of(
        new Scenario(
            "mixed-inline",
            "Whom does a handler stall that computes for 100 ms?",
            paced.withRequests(Request.framed(), 1, Request.burn(BURN))),
        new Scenario(
            "mixed-elsewhere",
            "And if it hands the computation to another thread, in the server's own idiom?",
            paced.withRequests(Request.framed(), 1, Request.burnElsewhere(BURN))),
        new Scenario(
            "mixed-idle",
            "What would they see without it?",
            paced.withConnections(63, SMALL).withRequests(Request.framed(), 0, Request.ECHO)));
  }

  /** From one connection to very many. */
  static List<Scenario> connections() {
    return List.of(1, 10, 64, 256, 1000, 10_000).stream()
        .map(count -> echo("echo-" + count + "x64", question(count), count, SMALL))
        .toList();
  }

  private static String question(int connections) {
    return connections == 1
        ? "How fast is one connection?"
        : "And " + String.format(Locale.ROOT, "%,d", connections) + "?";
  }

  /** What the claims need that no other comparison measures. */
  static List<Scenario> forClaims() {
    LoadPlan closed = LoadPlan.defaults(0);
    LoadPlan seldom = closed.withRate(200).withRequests(Request.framed(), 0, Request.ECHO);
    return List.of(
        new Scenario(
            "compute",
            "Does work that computes use every core?",
            closed.withConnections(8, SMALL).withRequests(Request.burn(COMPUTE), 0, Request.ECHO)),
        new Scenario(
            "inline",
            "What does a request cost that is answered where it is read?",
            closed.withRequests(Request.framed(), 0, Request.ECHO)),
        new Scenario(
            "hand-off",
            "And one that goes through another thread, in the server's own idiom?",
            closed.withRequests(Request.burnElsewhere(Duration.ZERO), 0, Request.ECHO)),
        new Scenario(
            "idle-50",
            "What does a server with few connections occupy?",
            seldom.withConnections(50, SMALL)),
        new Scenario("idle-5050", "And one with 5,000 more?", seldom.withConnections(5050, SMALL)));
  }

  /** With other times. */
  Scenario withTimes(Duration warmup, Duration duration) {
    return new Scenario(name, question, plan.withTimes(warmup, duration));
  }

  /** The frame size that the peer is to be started with; 0 for the plain protocol. */
  int frame() {
    return plan.work().isFramed() ? plan.size() : 0;
  }
}

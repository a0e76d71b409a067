package dev.weft.interop.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends, and what a strict server has to do then: how many answers, which statuses,
 * and what becomes of the connection.
 */
final class HttpCase {
  /** What becomes of the connection. */
  enum After {
    /** The server closes it: what follows on it cannot be trusted, or was not wanted. */
    CLOSED,
    /** It serves a further request. */
    KEPT,
    /** Both are allowed. */
    EITHER,
    /** The client has ended it; only that the server lives is looked at. */
    GONE
  }

  /** One of the answers. */
  static final class Expected {
    final Set<Integer> statuses = new TreeSet<>();
    final boolean toHead;
    @Nullable String body;

    Expected(boolean toHead, int... allowed) {
      this.toHead = toHead;
      for (int status : allowed) {
        statuses.add(status);
      }
    }
  }

  /** A request on the end of a connection that shows whether it was kept. */
  static final String PROBE = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";

  private final String name;
  private final List<Consumer<RawClient>> steps = new ArrayList<>();
  private final List<Expected> answers = new ArrayList<>();
  private After after = After.EITHER;
  private boolean maySayNothing;

  HttpCase(String name) {
    this.name = name;
  }

  // ---- what the client does

  /** Sends bytes; in ISO 8859-1, so that any byte can be said. */
  HttpCase send(String bytes) {
    byte[] sent = bytes.getBytes(StandardCharsets.ISO_8859_1);
    steps.add(client -> client.send(sent));
    return this;
  }

  HttpCase pause(int millis) {
    steps.add(client -> client.pause(millis));
    return this;
  }

  /** Waits for so many answers, counted from the start, interim ones too; or for the end. */
  HttpCase await(int count) {
    steps.add(client -> client.await(count));
    return this;
  }

  /** Sends a byte now and again until the server closes, or for as long as a run takes. */
  HttpCase trickle(String bytes) {
    byte[] sent = bytes.getBytes(StandardCharsets.ISO_8859_1);
    steps.add(client -> client.trickle(sent));
    return this;
  }

  /** Resets the connection. */
  HttpCase reset() {
    steps.add(RawClient::reset);
    return goes();
  }

  /** Closes the connection. */
  HttpCase close() {
    steps.add(RawClient::close);
    return goes();
  }

  // ---- what the server has to do

  /** A further answer with one of these statuses. */
  HttpCase expect(int... statuses) {
    answers.add(new Expected(false, statuses));
    return this;
  }

  /** A further answer, to a HEAD. */
  HttpCase expectForHead(int... statuses) {
    answers.add(new Expected(true, statuses));
    return this;
  }

  /** The last of these answers has this body, if it is a 200. */
  HttpCase body(String text) {
    answers.get(answers.size() - 1).body = text;
    return this;
  }

  /** It may close without an answer. */
  HttpCase orNothing() {
    maySayNothing = true;
    return this;
  }

  HttpCase closes() {
    after = After.CLOSED;
    return this;
  }

  HttpCase keeps() {
    after = After.KEPT;
    return this;
  }

  private HttpCase goes() {
    after = After.GONE;
    return this;
  }

  // ---- for who runs it

  String name() {
    return name;
  }

  List<Consumer<RawClient>> steps() {
    return steps;
  }

  List<Expected> answers() {
    return answers;
  }

  After after() {
    return after;
  }

  /** What in an outcome is not as it has to be; empty if nothing is. */
  List<String> problems(HttpOutcome outcome) {
    List<String> problems = new ArrayList<>();
    if (!outcome.alive()) {
      problems.add("afterwards the server does not answer");
    }
    if (after == After.GONE) {
      return problems;
    }
    List<HttpAnswer> got = outcome.answers();
    if (got.size() > answers.size()) {
      problems.add("more answers than requests: " + outcome.statuses());
    }
    if (got.size() < answers.size() && !(got.isEmpty() && maySayNothing && outcome.isClosed())) {
      problems.add("too few answers: " + outcome.statuses());
    }
    for (int i = 0; i < Math.min(got.size(), answers.size()); i++) {
      Expected expected = answers.get(i);
      HttpAnswer answer = got.get(i);
      if (!expected.statuses.contains(answer.status())) {
        problems.add(answer.status() + " and not one of " + expected.statuses);
      }
      if (expected.body != null && answer.status() == 200 && !expected.body.equals(answer.body())) {
        problems.add("another body: " + answer.body());
      }
      if (!answer.whole()) {
        problems.add("an answer that was broken off");
      }
    }
    if (after == After.CLOSED && !outcome.isClosed()) {
      problems.add("the connection was not closed");
    } else if (after == After.KEPT && outcome.isClosed()) {
      problems.add("the connection was closed");
    }
    return problems;
  }

  @Override
  public String toString() {
    return name;
  }
}

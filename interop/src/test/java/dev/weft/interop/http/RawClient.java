package dev.weft.interop.http;

import dev.weft.interop.http.HttpOutcome.Connection;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, for one case. A thread reads what is answered, so that a server which does not
 * read holds up nothing but the sending.
 */
final class RawClient {
  private final Socket socket = new Socket();
  private final HttpCase what;
  private final long end;
  private final List<HttpAnswer> answers = new ArrayList<>();

  /** How it has ended; null while it has not. Guarded by this, as are the answers. */
  private @Nullable Connection ended;

  private RawClient(HttpCase what, Duration limit) {
    this.what = what;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /**
   * Runs a case.
   *
   * @param limit how long to wait for an answer that is due, or for the end of the connection
   */
  static HttpOutcome run(HttpCase what, InetSocketAddress server, Duration limit) throws Exception {
    RawClient client = new RawClient(what, limit);
    HttpOutcome outcome = client.run(server);
    HttpCase plain = new HttpCase("alive").send(HttpCase.PROBE).expect(200).closes();
    HttpOutcome next = new RawClient(plain, limit).run(server);
    boolean alive = next.answers().size() == 1 && next.answers().get(0).status() == 200;
    return new HttpOutcome(outcome.answers(), outcome.connection(), alive);
  }

  private HttpOutcome run(InetSocketAddress server) throws Exception {
    try (socket) {
      socket.connect(server);
      Thread reader = new Thread(this::read, "answers");
      reader.setDaemon(true);
      reader.start();
      Thread writer = new Thread(this::write, "requests");
      writer.setDaemon(true);
      writer.start();
      writer.join(left());
      if (what.after() == HttpCase.After.GONE) {
        writer.join();
        synchronized (this) {
          return new HttpOutcome(List.copyOf(answers), Connection.LEFT, true);
        }
      }
      return what.after() == HttpCase.After.CLOSED ? untilClosed() : probed();
    }
  }

  private void write() {
    for (Consumer<RawClient> step : what.steps()) {
      step.accept(this);
    }
  }

  private HttpOutcome untilClosed() throws InterruptedException {
    await(Integer.MAX_VALUE);
    return outcome(Connection.OPEN);
  }

  /** Asks for one thing more; an answer to that is not the case's. */
  private HttpOutcome probed() throws InterruptedException {
    int due = what.answers().size();
    await(due);
    send(HttpCase.PROBE.getBytes(StandardCharsets.ISO_8859_1));
    await(Integer.MAX_VALUE);
    synchronized (this) {
      HttpAnswer last = answers.size() == due + 1 ? answers.get(due) : null;
      if (last != null && last.status() == 200 && last.body().equals("hello")) {
        answers.remove(due);
        return new HttpOutcome(List.copyOf(answers), Connection.KEPT, true);
      }
    }
    return outcome(Connection.OPEN);
  }

  private synchronized HttpOutcome outcome(Connection otherwise) {
    return new HttpOutcome(List.copyOf(answers), ended != null ? ended : otherwise, true);
  }

  private long left() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
  }

  // ---- steps

  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closed) {
      // the reader sees why
    }
  }

  void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void await(int count) {
    try {
      while (ended == null && answers.size() < count && end - System.nanoTime() > 0) {
        wait(left());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void trickle(byte[] bytes) {
    while (end - System.nanoTime() > 0) {
      synchronized (this) {
        if (ended != null) {
          return;
        }
      }
      send(bytes);
      pause(100);
    }
  }

  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException closed) {
      // then there is nothing to reset
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException closed) {
      // as wanted
    }
  }

  // ---- the reading thread

  private void read() {
    Connection how = Connection.CLOSED;
    try {
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        HttpAnswer answer = HttpAnswer.read(in, isNextToHead());
        if (answer == null) {
          break;
        }
        synchronized (this) {
          answers.add(answer);
          notifyAll();
        }
      }
    } catch (IOException reset) {
      how = Connection.RESET;
    }
    synchronized (this) {
      ended = how;
      notifyAll();
    }
  }

  private synchronized boolean isNextToHead() {
    int next = answers.size();
    return next < what.answers().size() && what.answers().get(next).toHead;
  }
}

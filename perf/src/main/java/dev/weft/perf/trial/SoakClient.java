package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * One of a population: connects, behaves in one of several ways, leaves, and comes back as another.
 * Whatever comes back is compared with what was sent.
 */
final class SoakClient {
  /** What clients do, well-behaved or not. */
  enum Manner {
    /** Sends and receives for a while, then ends its stream and gets all that is due. */
    POLITE,
    /** Sends much, ends its stream, and then reads slowly. */
    HALF_CLOSE,
    /** Reads a little, pauses, reads a little. */
    SLOW,
    /** Does nothing for a while, then one echo. */
    IDLE,
    /** Resets the connection, with an echo under way or without. */
    RESET,
    /** Closes without reading what is under way. */
    VANISH
  }

  /** More than any machine needs that is alive; what takes longer is a server that hangs. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** At most under way at a time: the buffers of both kernels hold it, so that nobody waits. */
  private static final int MOST_UNDER_WAY = 48 << 10;

  private static final int MOST_ROUNDS = 8;
  private static final int MOST_PAUSE_MILLIS = 40;
  private static final int MOST_IDLE_MILLIS = 1500;

  private final InetSocketAddress server;
  private final SplittableRandom random;

  SoakClient(InetSocketAddress server, long seed) {
    this.server = server;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Comes, behaves, and leaves.
   *
   * @return the bytes that came back, all of them right
   * @throws IOException if the server failed it
   */
  long visit() throws IOException, InterruptedException {
    Manner manner = Manner.values()[random.nextInt(Manner.values().length)];
    try (ExactClient client = ExactClient.connect(server, random.nextLong(), PATIENCE)) {
      switch (manner) {
        case POLITE -> polite(client);
        case HALF_CLOSE -> halfClose(client);
        case SLOW -> slow(client);
        case IDLE -> idle(client);
        case RESET -> reset(client);
        case VANISH -> client.send(some());
      }
      return client.received();
    } catch (IOException e) {
      throw e instanceof WrongEchoException
          ? e
          : new IOException(manner + ": " + e.getMessage(), e);
    }
  }

  private int some() {
    return 1 + random.nextInt(MOST_UNDER_WAY);
  }

  private void pause() throws InterruptedException {
    Thread.sleep(random.nextInt(MOST_PAUSE_MILLIS));
  }

  private void polite(ExactClient client) throws IOException, InterruptedException {
    for (int rounds = 1 + random.nextInt(MOST_ROUNDS); rounds > 0; rounds--) {
      int bytes = some();
      client.send(bytes);
      if (random.nextBoolean()) {
        pause();
      }
      client.receive(bytes);
    }
    client.finish();
  }

  private void halfClose(ExactClient client) throws IOException, InterruptedException {
    client.send(some());
    client.halfClose();
    readSlowly(client);
    client.expectEnd();
  }

  private void slow(ExactClient client) throws IOException, InterruptedException {
    client.send(some());
    readSlowly(client);
    client.finish();
  }

  private void readSlowly(ExactClient client) throws IOException, InterruptedException {
    while (client.owed() > 0) {
      client.receive((int) Math.min(client.owed(), 1 + random.nextInt(MOST_UNDER_WAY / 4)));
      pause();
    }
  }

  private void idle(ExactClient client) throws IOException, InterruptedException {
    Thread.sleep(random.nextInt(MOST_IDLE_MILLIS));
    client.roundTrip(some());
    client.finish();
  }

  private void reset(ExactClient client) throws IOException, InterruptedException {
    client.send(some());
    if (random.nextBoolean()) {
      client.receive((int) (client.owed() / 2));
      pause();
    }
    client.reset();
  }
}

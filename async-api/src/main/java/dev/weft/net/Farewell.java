package dev.weft.net;

import dev.weft.net.loop.SocketDriver;
import dev.weft.net.poll.ChannelEnd;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How one stream's channel is closed in order: once what was written is sent, so that the peer has
 * it, and not before the peer could fetch it. A kernel that is to close a socket with unread input
 * resets the connection instead, and drops what the peer has not fetched yet. So who was to be told
 * of the end is told by the end of the output first, and what it is still sending is taken in.
 *
 * <pre>
 *   both directions have ended                     close
 *   closed, all sent, nothing unread               close
 *   closed, all sent, input was cut                wait a while, close unless more has come
 *   closed, not all sent, or something unread      send it, end the output, discard the input
 *                                                  until none comes for a while, close
 *   that, and the linger timeout is over           close, by a reset if not all was sent
 * </pre>
 *
 * <p>On the loop's thread.
 */
final class Farewell {
  /**
   * For how long a closed stream waits for more input to discard. Guessed: long for what is on its
   * way within a machine or a data centre, short for an executor that is to end.
   */
  private static final int QUIET_MILLIS = 100;

  private final SocketDriver driver;
  private final DuplexChannel channel;
  private final Intake intake;
  private final Outbox outbox;
  private boolean outputEnded;

  Farewell(SocketDriver driver, DuplexChannel channel, Intake intake, Outbox outbox) {
    this.driver = driver;
    this.channel = channel;
    this.intake = intake;
    this.outbox = outbox;
  }

  /** The kernel has been told that there is no more output. */
  void onOutputShutDown() {
    outputEnded = true;
    closeIfDone();
  }

  /** Closes a channel to which nothing can happen any more. */
  void closeIfDone() {
    if (intake.isEnded() && outputEnded) {
      ChannelEnd.closeInOrder(channel);
    }
  }

  /**
   * The stream was closed: sends what is written, within the time given, and closes the channel.
   *
   * @param unread true if there may be input that nobody has taken from the kernel
   * @param cut true if it is left there, so that the kernel resets the connection for it
   */
  void begin(Duration linger, boolean unread, boolean cut) {
    outbox.sendStaged();
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    // None is left once the output is shut down, which happens when all is sent.
    boolean sent =
        unsent == null
            ? channel.isOutputShutdown()
            : unsent.isEmpty() && outbox.pending() == 0; // a layer may hold some back
    if (!sent && (unsent == null || linger.isZero())) {
      ChannelEnd.abort(channel);
    } else if (linger.isZero() || (sent && (cut || !unread))) {
      if (cut) {
        closeCut();
      } else {
        ChannelEnd.closeInOrder(channel);
      }
    } else {
      closeWhenSent(linger, cut);
    }
  }

  /** Sends the rest, ends the output, and takes in what the peer is still sending. */
  private void closeWhenSent(Duration linger, boolean cut) {
    driver.addLingering(channel);
    Future<?> deadline =
        driver.loop().schedule(this::closeLate, linger.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> deadline.cancel(false));
    outbox
        .whenSent()
        .addListener(
            written -> {
              if (!written.isSuccess() && !channel.isOutputShutdown()) {
                ChannelEnd.abort(channel);
              } else if (cut) {
                closeCut();
              } else {
                outbox.endOutput().addListener(shut -> discardInput());
              }
            });
  }

  /** The time is over: what could not be sent is not to look as if it was all. */
  private void closeLate() {
    if (outbox.pending() > 0) {
      ChannelEnd.abort(channel);
    } else {
      ChannelEnd.closeInOrder(channel);
    }
  }

  /** The last is sent: takes in what comes, for nobody, until no more does. */
  private void discardInput() {
    outputEnded = true;
    intake.discard();
    closeIfDone();
    closeWhenQuiet();
  }

  private void closeWhenQuiet() {
    intake.beginQuiet();
    driver
        .loop()
        .schedule(
            () -> {
              if (intake.isQuiet()) {
                ChannelEnd.closeInOrder(channel);
              } else {
                closeWhenQuiet();
              }
            },
            QUIET_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /**
   * Closes a connection whose input was cut, and whose output has been sent, after a while: what
   * the peer's kernel had taken before, and this one had no room for, is on its way, and on a busy
   * machine that takes some time. A peer of which something arrives has not got all back.
   */
  private void closeCut() {
    driver.addLingering(channel);
    driver.loop().schedule(this::endCut, QUIET_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * In order, unless more has arrived. The kernel sees to that by itself; but the JDK ends the
   * output before it closes, so that has to look.
   */
  private void endCut() {
    if (!intake.isLate() && channel.isOpen()) {
      driver.backend().readLate(channel);
    }
    if (intake.isLate()) {
      ChannelEnd.abort(channel);
    } else {
      ChannelEnd.closeInOrder(channel);
    }
  }
}

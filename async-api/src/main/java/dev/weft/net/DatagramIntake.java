package dev.weft.net;

import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What one socket takes out of the kernel: whether it wants datagrams at the moment, and the
 * failures that it finds there. The loop's interest in the socket follows from the state of the
 * inbox and of this.
 */
final class DatagramIntake {
  /** Guessed: short for people, and long for a processor. {@link UdpSocket} names it. */
  static final int BACK_OFF_MILLIS = 100;

  private final UdpSocket socket;
  private final SocketDriver driver;
  private final DatagramChannel channel;
  private final DatagramInbox inbox;

  /** Receiving begins with the first receive: who only sends needs no memory for more. */
  private volatile boolean started;

  /** What the next operation is told. Guarded by this. */
  private @Nullable IOException untold;

  // Confined to the loop's thread.
  private boolean pausing;
  private boolean asked;
  private @Nullable Throwable failure;

  DatagramIntake(
      UdpSocket socket, SocketDriver driver, DatagramChannel channel, DatagramInbox inbox) {
    this.socket = socket;
    this.driver = driver;
    this.channel = channel;
    this.inbox = inbox;
  }

  // ---- whether it wants anything

  /** From any thread. */
  void onReceiveWaiting() {
    if (!started) {
      started = true;
      updateInterest();
    }
    tellWaiting();
  }

  /** Makes the loop's interest in the socket follow the state of the inbox. From any thread. */
  void updateInterest() {
    try {
      driver.execute(this::applyInterest);
    } catch (RejectedExecutionException loopHasEnded) {
      // and has closed the channel
    }
  }

  private void applyInterest() {
    boolean wanted =
        started && !pausing && channel.isOpen() && !inbox.isFull() && !inbox.isClosed();
    if (!driver.backend().receivesOnDemand()) {
      channel.config().setAutoRead(wanted);
    } else if (wanted && !asked) {
      asked = true;
      channel.read();
    }
  }

  /** A round of receiving is over. On the loop's thread. */
  void onReadComplete() {
    asked = false;
    if (driver.backend().receivesOnDemand()) {
      applyInterest();
    }
  }

  // ---- what goes wrong

  /** On the loop's thread. */
  void onFailed(Throwable error) {
    if (socket.isConnected() && SocketErrors.isRefused(error)) {
      tell(SocketErrors.portUnreachable(socket.toString()));
      return;
    }
    failure = error;
    if (inbox.isClosed()) {
      return;
    }
    SocketLog.cannotReceive(socket, error);
    if (!pausing) {
      pausing = true; // else the kernel might report the same at once, again and again
      applyInterest();
      try {
        driver.loop().schedule(this::resume, BACK_OFF_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException loopHasEnded) {
        // and has closed the channel
      }
    }
    tell(SocketErrors.broken(socket.toString(), error).get());
  }

  private void resume() {
    pausing = false;
    applyInterest();
  }

  /** The channel is closed. On the loop's thread. */
  void onClosed() {
    socket.onClosed(failure);
  }

  /** Tells a failure to the receive that waits or else to the next operation. */
  void tell(IOException told) {
    synchronized (this) {
      untold = told;
    }
    tellWaiting();
  }

  private void tellWaiting() {
    IOException told = inbox.isAwaited() ? takeUntold() : null;
    if (told == null) {
      return;
    }
    AtomicBoolean taken = new AtomicBoolean();
    inbox.failWaiting(
        () -> {
          taken.set(true);
          return told;
        });
    synchronized (this) {
      if (!taken.get() && untold == null) { // it has got a datagram meanwhile, or was cancelled
        untold = told;
      }
    }
  }

  /** What the operation that begins is to be told, once. From any thread. */
  synchronized @Nullable IOException takeUntold() {
    IOException told = untold;
    untold = null;
    return told;
  }
}

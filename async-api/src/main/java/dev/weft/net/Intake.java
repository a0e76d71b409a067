package dev.weft.net;

import dev.weft.net.loop.SocketDriver;
import dev.weft.net.loop.WorkerEventLoop;
import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.MemoryGroup;
import dev.weft.net.poll.DirectInput;
import dev.weft.net.poll.Turns;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one stream takes out of the kernel: whether it wants anything at the moment, the memory for
 * it, and its end. The loop's interest in the socket follows from the state of the inbox, of the
 * memory and of this; whoever changes one of them has {@link #applyInterest} run.
 *
 * <p>On the loop's thread where nothing else is said.
 */
final class Intake implements DirectInput {
  private final ByteStream stream;
  private final SocketDriver driver;
  private final DuplexChannel channel;
  private final Inbox inbox;
  private final ConnectionMemory memory;
  private final Turns.Turn turn;
  private final ReceiveBuffers buffers = new ReceiveBuffers(this);

  /** Reading begins with the first read: nothing is held for connections that nobody serves yet. */
  private volatile boolean started;

  /** Whether what the kernel has is to be the last that is read. */
  private volatile boolean cutting;

  // Confined to the loop's thread.
  private boolean reading; // as this has set Netty's auto-read; codecs may set it, too
  private boolean layered;
  private int expected = ReceiveBuffers.SMALLEST;
  private boolean ended;
  private boolean late;
  private boolean discarding;
  private boolean refusing;
  private boolean holding;
  private boolean quiet;

  /**
   * Wants nothing yet.
   *
   * @param group to which memory was promised for the stream: see {@link ByteStream#promised}
   */
  Intake(
      ByteStream stream,
      SocketDriver driver,
      DuplexChannel channel,
      Inbox inbox,
      @Nullable MemoryGroup group) {
    this.stream = stream;
    this.driver = driver;
    this.channel = channel;
    this.inbox = inbox;
    this.memory = new ConnectionMemory(driver.memory(), group, this::readOn, this::readAgain);
    this.turn = new Turns.Turn(memory, driver.backend().isDirect() ? this : null);
  }

  ConnectionMemory memory() {
    return memory;
  }

  /** The stream's place among the connections of the loop. */
  Turns.Turn turn() {
    return turn;
  }

  /** Where the buffers for it come from. */
  ReceiveBuffers buffers() {
    return buffers;
  }

  // ---- whether it wants anything

  /** Somebody wants to read. From any thread. */
  void start() {
    if (!started) {
      started = true;
      updateInterest();
    }
  }

  /** Whether the loop is interested in input. From any thread, which may see what was so before. */
  boolean isReading() {
    return channel.config().isAutoRead();
  }

  /** Makes the loop's interest in the socket follow the state of the inbox. From any thread. */
  void updateInterest() {
    try {
      driver.execute(this::applyInterest);
    } catch (RejectedExecutionException loopHasEnded) {
      // and has closed the channel
    }
  }

  /**
   * What it has received was dealt with; on any thread. Among thousands that send more than is
   * taken in, whoever is in a conversation does not wait for each message until they read again.
   */
  private void readOn() {
    applyInterestLater(turn.isAhead());
  }

  /** There is memory for it. Many may be told so at once, on whatever thread. */
  private void readAgain() {
    applyInterestLater(true);
  }

  /** Not here, even on the loop's thread: the channel may be about to write. */
  private void applyInterestLater(boolean patiently) {
    WorkerEventLoop loop = driver.loop();
    try {
      if (patiently) {
        loop.executeLater(this::applyInterest);
      } else {
        loop.execute(this::applyInterest);
      }
    } catch (RejectedExecutionException loopHasEnded) {
      // and has closed the channel
    }
  }

  private void applyInterest() {
    boolean before = isReading();
    boolean wanted =
        !ended
            && !memory.isStopped()
            && (discarding
                || (!refusing && !holding && started && !inbox.isFull() && !inbox.isClosed()));
    reading = wanted;
    channel.config().setAutoRead(wanted);
    if (cutting && wanted && !before) {
      driver.backend().readOn(channel, driver.loop()); // there may be nothing, which is the end
    }
  }

  // ---- what comes

  /** True if the loop must not take any more input out of the kernel now. */
  boolean isRefused() {
    return driver.backend().readsOnAfterHangUp() && inbox.isFull() && !inbox.isClosed();
  }

  /** A receive buffer, or null if there is to be none now. */
  @Nullable ByteBuf takeMemory(int wanted) {
    return memory.take(wanted);
  }

  /**
   * {@inheritDoc} One buffer's worth; if that has filled it, Netty goes on and sees to how much is
   * read at a time.
   */
  @Override
  public boolean receive() {
    if (!reading || layered || cutting || ended || refusing || discarding || stream.isFramed()) {
      return false;
    }
    try {
      return receiveOnce();
    } catch (Throwable failure) { // the connection's, or no heap
      channel.pipeline().fireExceptionCaught(failure);
      return true;
    }
  }

  private boolean receiveOnce() throws IOException {
    ByteBuf buf = takeMemory(expected);
    if (buf == null) {
      return false; // which refuses it as it has to be
    }
    int room = buf.writableBytes();
    int received = 0;
    try {
      received = driver.backend().receiveNow(channel, buf);
    } finally {
      if (received <= 0) {
        buf.release();
      }
    }
    if (received <= 0) {
      return false; // the end of the input, which Netty finds once more
    }
    buf.writerIndex(buf.writerIndex() + received);
    turn.lent(room);
    turn.received(received);
    inbox.put(ReceiveBuffers.tracked(buf));
    onInput();
    if (expected > ReceiveBuffers.SMALLEST || received == room) {
      expected = buffers.record(channel.config(), room, received); // else it can be no less
    }
    if (received == room && reading && channel.isOpen() && !turn.isOver()) {
      return false;
    }
    onReadComplete();
    StreamHandler.eventHandled();
    return true;
  }

  /** The next receive buffer is to have this size. */
  void expect(int bytes) {
    expected = bytes;
  }

  /** From now on something stands between the stream and the socket. */
  void setLayered() {
    layered = true;
  }

  /** Something was read from the socket. */
  void onInput() {
    quiet = false;
    late |= ended;
    stream.touch();
    memory.received();
    if (memory.isStopped()) {
      applyInterest();
    }
  }

  /** What the kernel has received so far has been taken in, or there was nothing. */
  void onNothingToRead() {
    if (cutting && !ended && driver.backend().endsByNothing()) {
      if (stream.isTransparent()) {
        end();
      } else { // what stands between has it to say as well, as with the other transports
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
    }
  }

  /** A round of reading is over; there may be more to read. */
  void onReadComplete() {
    if (cutting && !ended && isReading()) {
      driver.backend().readOn(channel, driver.loop());
    }
  }

  // ---- its end

  /** What has arrived by now is the last that is read. From any thread. */
  void cut() {
    cutting = true;
    started = true; // what the kernel has is wanted, also if nobody has read yet
    try {
      driver.execute(this::cutInput);
    } catch (RejectedExecutionException loopHasEnded) {
      inbox.end(() -> null);
    }
  }

  /** From any thread. */
  boolean isCut() {
    return cutting;
  }

  private void cutInput() {
    if (ended || inbox.isClosed()) {
      return;
    }
    turn.cut();
    applyInterest();
    driver.backend().cutInput(channel);
  }

  /** The peer has ended it, or it was cut and all is taken in. */
  void end() {
    end(() -> null);
  }

  /** The same, or it has ended otherwise than it should. */
  void end(Supplier<? extends @Nullable IOException> reason) {
    ended = true;
    applyInterest();
    inbox.end(reason);
  }

  /** What comes cannot be decoded: nobody reads it, until it is discarded. */
  void refuse(Supplier<IOException> reason) {
    refusing = true;
    applyInterest();
    inbox.end(reason);
  }

  /** Whether a layer has as much as it can do with, for now. */
  void hold(boolean now) {
    holding = now;
    applyInterest();
  }

  boolean isRefusing() {
    return refusing;
  }

  boolean isEnded() {
    return ended;
  }

  /** Whether something has come after that. */
  boolean isLate() {
    return late;
  }

  /** Takes in from now on what comes, for nobody. */
  void discard() {
    discarding = true;
    applyInterest();
  }

  /** From here on {@link #isQuiet} says whether something has come since. */
  void beginQuiet() {
    quiet = true;
  }

  boolean isQuiet() {
    return quiet;
  }
}

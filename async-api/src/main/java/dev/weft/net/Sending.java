package dev.weft.net;

import dev.weft.net.loop.OwedFlush;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.Piece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How what was written to a connection gets to the kernel: through Netty's pipeline and queue, but
 * for a buffer that is alone. That is one that nothing was written after since the last flush,
 * where nothing else waits to be sent and nothing stands between: the answer to a request, most of
 * the time. It is handed to the kernel as it is, and what the kernel does not take goes to Netty.
 * It counts nowhere, as it is gone before the next poll.
 *
 * <p>With 1,000 connections nothing of one is in the processor's nearest cache when its turn comes,
 * and what costs most is how many objects a message touches.
 *
 * <p>On the loop's thread, but for {@link #pending}.
 */
abstract class Sending extends OwedFlush {
  final ByteStream stream;
  final SocketDriver driver;
  final DuplexChannel channel;
  private final ConnectionMemory memory;
  private final SendLimit limit;

  /** What may be written at once in any case. */
  private final int least;

  private @Nullable ByteBuf alone;

  /** Whether Netty has had something to send since its queue was last seen to be empty. */
  private boolean queued;

  private @Nullable ChannelHandlerContext context;
  private @Nullable Layer layer;

  /** Null until something is queued that is not of the connection's own memory. */
  private @Nullable ForeignBytes foreign;

  Sending(
      ByteStream stream,
      SocketDriver driver,
      DuplexChannel channel,
      ConnectionMemory memory,
      int limit) {
    this.stream = stream;
    this.driver = driver;
    this.channel = channel;
    this.memory = memory;
    this.limit = new SendLimit(channel, memory, limit);
    this.least = this.limit.least();
  }

  final void attach(ChannelHandlerContext handlerContext) {
    context = handlerContext;
  }

  final void setLayer(@Nullable Layer now) {
    layer = now;
  }

  // ---- writing

  /** Takes a buffer over, if it is the only one, and one that the kernel can be given. */
  final boolean takeAlone(Object message) {
    if (alone != null
        || layer != null
        || stream.isFramed()
        || !driver.backend().isDirect()
        || !(message instanceof ByteBuf only)
        || !channel.isOpen() // which Netty says
        || !isOneBlock(only)
        || isTooMuch(CapacityEstimator.weigh(only))
        || isSomethingQueued()) {
      return false;
    }
    alone = only;
    dirty = true;
    return true;
  }

  /** Whether it is direct memory, and one piece of it. */
  private static boolean isOneBlock(ByteBuf buf) {
    return buf.hasMemoryAddress() || (buf.isDirect() && buf.nioBufferCount() == 1);
  }

  private boolean isTooMuch(int bytes) {
    return bytes > least && bytes > limit.follow();
  }

  private boolean isSomethingQueued() {
    if (queued) {
      ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
      // It is empty with entries that are not flushed. Without a queue nothing can be sent.
      queued = queue == null || !queue.isEmpty() || queue.totalPendingWriteBytes() > 0;
    }
    return queued;
  }

  /** Others may have written to the channel. */
  final void lookAtQueue() {
    queued = true;
  }

  /** Gives a message to Netty. Returns why it cannot be encoded, if so. */
  final @Nullable Throwable append(Object message) {
    dirty = true;
    limit.follow();
    queueAlone();
    return queue(message);
  }

  /** Gives Netty, which is to send something else, what was alone so far, if anything was. */
  private void queueAlone() {
    ByteBuf first = alone;
    alone = null;
    queued = true;
    if (first != null) {
      queue(first);
    }
  }

  private @Nullable Throwable queue(Object message) {
    if (!(message instanceof ByteBuf buf && Piece.isPiece(buf))) {
      addForeign(CapacityEstimator.weigh(message));
    }
    if (!stream.isFramed()) {
      context().write(message, channel.voidPromise());
      return null;
    }
    ChannelFuture written = context().write(message);
    if (written.isDone()) {
      return channel.isOpen() ? written.cause() : null;
    }
    written.addListener(done -> breakIfFailed(done.cause()));
    return null;
  }

  /** Netty tells a write that has a promise of a broken connection, and nobody else. */
  final void breakIfFailed(@Nullable Throwable cause) {
    if (cause instanceof IOException) {
      stream.onBroken(cause);
    }
  }

  private void addForeign(int bytes) {
    if (foreign == null) {
      foreign = new ForeignBytes(driver, channel, memory);
    }
    foreign.add(bytes);
  }

  // ---- sending

  @Override
  protected final void flush() {
    if (!dirty) {
      return;
    }
    dirty = false;
    ByteBuf only = alone;
    if (only != null) {
      alone = null;
      if (!channel.isOpen()) { // its descriptor may be somebody else's by now
        only.release();
        return;
      }
      if (isSent(only)) {
        return;
      }
      queued = true;
      queue(only);
    }
    context().flush();
    if (foreign != null) {
      foreign.account();
    }
  }

  /**
   * Hands a buffer to the kernel, and frees it if all of it was taken or none ever will be; else
   * its beginning is gone. Whatever fails breaks the connection: the peer must not see what comes
   * after it.
   */
  private boolean isSent(ByteBuf only) {
    int sent;
    try {
      sent = driver.backend().sendNow(channel, only);
    } catch (Throwable failure) { // of the connection, or the writer has freed its buffer
      ReferenceCountUtil.safeRelease(only);
      channel.pipeline().fireExceptionCaught(failure);
      return true;
    }
    if (sent < only.readableBytes()) {
      only.skipBytes(sent);
      return false;
    }
    only.release();
    return true;
  }

  /** Sends a part of a file, after what was appended before. */
  final ChannelFuture sendAfterAll(FileRegion region) {
    dirty = false;
    queueAlone();
    return context().writeAndFlush(region);
  }

  /** Succeeds when all that is written is with the kernel. */
  final ChannelFuture whenSent() {
    dirty = false;
    queueAlone();
    return context().writeAndFlush(Unpooled.EMPTY_BUFFER);
  }

  /**
   * Bytes that the kernel has not taken yet; changes whenever it takes some. From any thread, which
   * may see what was so before.
   */
  final long pending() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    ByteBuf only = alone;
    long bytes = only == null ? 0 : only.readableBytes();
    return queue == null ? bytes : bytes + queue.totalPendingWriteBytes() + queue.currentProgress();
  }

  /** Tells the peer that there is no more, when all is sent. */
  final ChannelFuture endOutput() {
    return layer == null ? channel.shutdownOutput() : layer.endOutput();
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "the channel is registered before it is handed out");
  }
}

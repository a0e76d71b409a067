package dev.weft.net;

import dev.weft.Task;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The codecs before a stream: how they come there, and how they go. */
final class Framing {
  private final ByteStream stream;
  private final SocketDriver driver;
  private final DuplexChannel channel;
  private final StreamHandler handler;
  private final Inbox inbox;
  private final Intake intake;
  private final Outbox outbox;
  private final List<ChannelHandler> codecs;

  /** Confined to the loop. */
  private @Nullable Gate gate;

  Framing(
      ByteStream stream,
      SocketDriver driver,
      DuplexChannel channel,
      StreamHandler handler,
      Inbox inbox,
      Intake intake,
      Outbox outbox,
      List<ChannelHandler> codecs) {
    this.stream = stream;
    this.driver = driver;
    this.channel = channel;
    this.handler = handler;
    this.inbox = inbox;
    this.intake = intake;
    this.outbox = outbox;
    this.codecs = codecs;
  }

  /** See {@link FramedStream#over}. */
  static <I, O> Task<FramedStream<I, O>> begin(ByteStream stream, ChannelHandler... codecs) {
    Framing framing = stream.framing(List.of(codecs));
    Task<FramedStream<I, O>> framed = new Task<>();
    framing.onLoop(
        framed,
        () -> {
          framing.check(framed.isDone());
          if (stream.isClosed()) {
            framed.completeExceptionally(SocketErrors.closed(stream.toString()));
            return;
          }
          framing.put(true);
          framed.complete(new FramedStream<>(stream, framing));
        });
    return framed;
  }

  /** Puts handlers there that pass bytes on. */
  Task<@Nullable Void> layer(Layer layer) {
    Task<@Nullable Void> done = new Task<>();
    onLoop(
        done,
        () -> {
          check(done.isDone());
          if (handler.layer() != null) {
            throw new IllegalStateException(stream + ": has TLS already");
          }
          if (!channel.isActive()) {
            done.completeExceptionally(SocketErrors.broken(stream.toString(), null).get());
            return;
          }
          handler.setLayer(layer);
          outbox.setLayer(layer);
          intake.setLayered();
          put(false);
          layer.begun();
          done.complete(null);
        });
    return done;
  }

  /** What stands between the stream and its socket, if anything. From any thread. */
  @Nullable Layer layer() {
    return handler.layer();
  }

  DuplexChannel channel() {
    return channel;
  }

  /** Whether this side has closed the stream. From any thread. */
  boolean isClosed() {
    return inbox.isClosed();
  }

  /** Reads fail for this reason after what has come, writes at once. */
  void end(Supplier<IOException> reason) {
    outbox.end(reason);
    inbox.end(reason);
  }

  Task<@Nullable Object> read() {
    return inbox.take();
  }

  Task<@Nullable Void> write(Object message) {
    return outbox.write(message);
  }

  /** See {@link FramedStream#unframed}. */
  Task<ByteStream> end() {
    Task<ByteStream> unframed = new Task<>();
    onLoop(
        unframed,
        () -> {
          if (inbox.held() > 0 || inbox.isAwaited() || outbox.isAwaited()) {
            throw new IllegalStateException(
                stream + ": unframed() while messages are unread, or a read or a write waits");
          }
          if (!stream.isFramed() || unframed.isDone()) {
            throw new IllegalStateException(stream + ": is not framed");
          }
          stream.setFramed(false);
          Gate before = gate;
          if (before != null) {
            remove(before);
          }
          for (int i = codecs.size() - 1; i >= 0; i--) { // the last first: a decoder that goes
            remove(codecs.get(i)); // passes on what it has not decoded, and that stays bytes
          }
          unframed.complete(stream);
        });
    return unframed;
  }

  // ---- on the loop

  private void check(boolean cancelled) {
    if (cancelled) {
      throw new IllegalStateException("cancelled");
    }
    if (stream.isFramed()) {
      throw new IllegalStateException(stream + ": is framed already");
    }
    if (inbox.isAwaited() || outbox.isAwaited()) {
      throw new IllegalStateException(
          stream + ": codecs cannot be added while a read or a write waits; await that one first");
    }
  }

  private void put(boolean framed) {
    outbox.sendStaged(); // as it is
    outbox.lookAtQueue(); // handlers write what they like
    ChannelPipeline pipeline = channel.pipeline();
    String name = pipeline.context(handler).name();
    Start start = new Start();
    Gate inFront = new Gate();
    if (framed) { // a layer sees to that itself
      pipeline.addBefore(name, null, inFront);
      gate = inFront;
    }
    pipeline.addBefore(name, null, start); // behind it: what had arrived was counted then
    List<ChannelHandler> added = new ArrayList<>();
    try {
      stream.setFramed(framed);
      for (ChannelHandler codec : codecs) {
        pipeline.addBefore(name, null, codec);
        added.add(codec);
        if (pipeline.context(codec) == null) { // what it has thrown has gone down the pipeline
          throw new IllegalStateException(stream + ": " + codec + " could not be added");
        }
      }
    } catch (Throwable refused) {
      added.forEach(this::remove);
      remove(inFront);
      stream.setFramed(false);
      pipeline.remove(start);
      throw refused;
    }
    feed(pipeline.context(start));
    pipeline.remove(start);
  }

  /** What has arrived already goes through the codecs. */
  private void feed(ChannelHandlerContext start) {
    List<Object> before = inbox.takeAll();
    for (Object bytes : before) {
      start.fireChannelRead(apart(start, bytes));
    }
    if (!before.isEmpty()) {
      start.fireChannelReadComplete();
    }
    if (intake.isEnded()) {
      start.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  /** The same bytes, in memory that a decoder may keep. */
  private Object apart(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf buf) || !intake.memory().isOnPromise()) {
      return message;
    }
    try {
      return context.alloc().buffer(buf.readableBytes()).writeBytes(buf);
    } finally {
      buf.release();
    }
  }

  private void remove(ChannelHandler codec) {
    ChannelHandlerContext context = channel.pipeline().context(codec);
    if (context != null) {
      channel.pipeline().remove(codec);
    }
  }

  private void onLoop(Task<?> task, Runnable action) {
    try {
      driver.execute(
          () -> {
            try {
              action.run();
            } catch (Throwable refused) {
              task.completeExceptionally(refused);
            }
          });
    } catch (RejectedExecutionException loopHasEnded) {
      task.completeExceptionally(SocketErrors.closed(stream.toString()));
    }
  }

  /**
   * What the codecs take in, and what they ask for. A decoder keeps what is not a message yet: not
   * in the buffer that the connection was promised, or there would be none to receive the rest
   * into. It is movement, though no message. And a decoder asks for more by itself, also when
   * reading is stopped.
   */
  private final class Gate extends ChannelDuplexHandler {
    @Override
    public void read(ChannelHandlerContext context) {
      if (channel.config().isAutoRead()) {
        context.read();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.fireChannelRead(apart(context, message));
      intake.onInput();
    }
  }

  /** Where what has arrived before goes in. */
  private static final class Start extends ChannelInboundHandlerAdapter {}
}

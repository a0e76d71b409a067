package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Task;
import dev.weft.net.ByteStream;
import dev.weft.net.NettyFutures;
import dev.weft.sync.ChannelClosedException;
import dev.weft.sync.Mpsc;
import dev.weft.sync.MpscReceiver;
import dev.weft.sync.MpscSender;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One stream of HTTP/2: a request. The channel is read when somebody wants to read, so what waits
 * is what one read of it gives, and the window does the rest; but for the head, which is read at
 * once.
 *
 * <p>What the task wants of the channel it queues for the loop itself. Netty would do that, too,
 * but asks before whether the thread is the loop's, and of a task on one of the loop's threads that
 * is found out with a walk of its stack.
 */
final class Http2Stream extends ChannelInboundHandlerAdapter implements Messages {
  private final HttpServer server;
  private final Channel channel;
  private final ByteStream stream;
  private final ConnectionFlushes flushes;
  private final TimeLimit limit;

  /** Of the task that looks at the limits. */
  private boolean cut;

  private final Input input = new Input(this);
  private final MpscSender<Object> arrived;
  private final MpscReceiver<Object> unread;

  Http2Stream(HttpServer server, Channel channel, ByteStream stream, ConnectionFlushes flushes) {
    this.server = server;
    this.flushes = flushes;
    this.channel = channel;
    this.stream = stream;
    this.limit = new TimeLimit(server.executor(), server.options(), this::cut);
    Mpsc<Object> queue = Mpsc.unbounded();
    this.arrived = queue.sender();
    this.unread = queue.receiver();
  }

  // ---- messages

  @Override
  public Task<@Nullable Object> read() {
    Task<@Nullable Object> next = unread.receive();
    if (!next.isDone()) {
      onLoop(channel::read);
    }
    return next;
  }

  /**
   * Complete when it is sent, with null, so that a stream has at most one message in its queue. It
   * is sent though who waits for that is cancelled.
   */
  @Override
  @SuppressWarnings("unchecked")
  public Task<@Nullable Void> write(Object message) {
    ChannelPromise promise = channel.newPromise();
    promise.setUncancellable();
    Task<?> sent = NettyFutures.task(promise);
    if (!onLoop(() -> channel.write(message, promise))) {
      ReferenceCountUtil.release(message);
      Task<@Nullable Void> failed = new Task<>(); // the promise would tell it by the loop
      failed.completeExceptionally(new ClosedChannelException());
      return failed;
    }
    flushes.flushSoon();
    return (Task<@Nullable Void>) sent;
  }

  @Override
  public void reset() {
    channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
  }

  /** False if there is no loop any more, as the executor was closed, and all channels with it. */
  private boolean onLoop(Runnable action) {
    try {
      channel.eventLoop().execute(action);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  // ---- the request

  CompletableFuture<@Nullable Void> run() {
    server.limits().add(limit);
    try {
      Object message = await(input.next());
      if (message instanceof HttpRequest head) {
        Exchange exchange = new Exchange(server, this, input, limit, head, stream, true, true);
        boolean whole = await(exchange.run());
        if (whole && !exchange.isRequestEnded()) {
          // The answer is all there is, and the rest of the request not wanted: RFC 9113, 8.1.
          channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
      } else if (message != null) {
        ReferenceCountUtil.release(message);
      }
      return done();
    } finally {
      server.limits().remove(limit);
      onLoop(channel::close); // with a reset, if one side has not ended
      input.close();
      close();
    }
  }

  private void cut() {
    if (limit.overFor() == TimeLimit.For.ANSWER) {
      if (cut) {
        stream.reset(); // the word that this one is over stands in the same queue
      }
      cut = true;
      channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    } else {
      arrived.close();
    }
  }

  /** What was not read is nobody's. */
  private void close() {
    arrived.close();
    for (Object left; (left = unread.tryReceive()) != null; ) {
      ReferenceCountUtil.release(left);
    }
    unread.close();
  }

  // ---- on the loop

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean taken = false;
    try {
      taken = arrived.trySend(message);
    } catch (ChannelClosedException over) {
      // as the request is: what a reset or a time limit has overtaken
    } finally {
      if (!taken) {
        ReferenceCountUtil.release(message);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof Http2ResetFrame) {
      arrived.close();
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    arrived.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    arrived.close(); // the multiplexer closes the channel, with the right word
  }
}

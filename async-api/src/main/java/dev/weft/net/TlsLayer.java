package dev.weft.net;

import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.Piece;
import dev.weft.net.poll.ChannelEnd;
import dev.weft.net.tls.TlsWords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * TLS between a stream and its socket, from the start of the handshake.
 *
 * <pre>
 *   socket - TlsCiphertext - TlsHandler (Netty's) - TlsPlaintext - codecs, if any - stream
 * </pre>
 *
 * How it ends:
 *
 * <pre>
 *   the stream is closed          close_notify, and in order
 *   the stream is reset           nothing is said: past the handlers
 *   the peer's close_notify       the end of the input; the output goes on (TLS 1.3)
 *   the peer's end without it     a failure of the input, after what has come
 *   a failure of TLS              the alert is sent, then it ends in order, so that the alert is
 *                                 not lost to a reset
 * </pre>
 *
 * On the loop's thread where nothing else is said.
 */
final class TlsLayer extends Layer {
  /** For the alert after a failure to be sent. Netty's own time for it. */
  private static final Duration ALERT_LINGER = Duration.ofSeconds(3);

  private final ByteStream stream;
  private final Framing framing;
  private final SocketDriver driver;
  private final DuplexChannel channel;
  private final Intake intake;
  private final @Nullable String host;
  private final TlsHandshake<?> handshake;
  private final Duration limit;
  private final SSLEngine engine;
  private final TlsHandler tls;
  private final TlsCiphertext ciphertext;
  private final long begun = System.currentTimeMillis();

  /** What was agreed on. Written on the loop. */
  private volatile @Nullable TlsSession session;

  private @Nullable Future<?> timer;
  private @Nullable Supplier<IOException> failure;
  private @Nullable Throwable broken;
  private boolean closingInOrder;
  private boolean abort;
  private boolean established;
  private boolean oldProtocol;

  /**
   * @param host whose certificate is expected, if this is the client
   * @param limit for the handshake; zero for none
   */
  TlsLayer(
      ByteStream stream,
      TlsHandshake<?> handshake,
      SSLEngine engine,
      @Nullable String host,
      Duration limit) {
    this.limit = limit;
    this.stream = stream;
    this.handshake = handshake;
    this.engine = engine;
    this.host = host;
    this.intake = stream.intake();
    this.driver = stream.driver();
    this.tls = new TlsHandler(engine, this::compute, this);
    this.ciphertext = new TlsCiphertext(this, intake);
    this.framing = stream.framing(List.of(ciphertext, tls, new TlsPlaintext(this, intake)));
    this.channel = framing.channel();
  }

  /** Begins the handshake. From any thread. */
  void begin() {
    tls.handshakeFuture().addListener(this::onHandshake);
    framing
        .layer(this)
        .whenComplete(
            (nothing, error) -> {
              if (error != null) {
                if (channel.pipeline().context(tls) == null && !tls.handshakeFuture().isDone()) {
                  ReferenceCountUtil.release(engine); // nobody else does
                }
                handshake.fail(error);
              }
            });
  }

  @Override
  void begun() {
    if (!handshake.isDone()) {
      intake.start();
      startTimer();
    }
  }

  private void startTimer() {
    if (!limit.isZero() && !established && failure == null) {
      timer =
          driver
              .loop()
              .schedule(this::onLate, Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    }
  }

  private void onLate() {
    if (!established && failure == null) {
      abort = true;
      fail(() -> SocketErrors.handshake(stream.toString(), limit));
    }
  }

  /** From any thread. */
  @Nullable TlsSession session() {
    return session;
  }

  // ---- the handshake

  private void onHandshake(Future<?> ended) {
    if (ended.isSuccess()) {
      established = true;
      stopTimer();
      TlsSession agreed = TlsHandshake.facts(engine, tls.applicationProtocol(), host, begun);
      oldProtocol = !agreed.protocol().equals("TLSv1.3");
      session = agreed;
      handshake.succeed(agreed);
    } else {
      Throwable cause = ended.cause();
      try {
        driver.loop().execute(() -> fail(cause)); // when the alert is on its way
      } catch (RejectedExecutionException loopHasEnded) {
        handshake.fail(SocketErrors.closed(stream.toString()));
      }
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /** What computes does so elsewhere. */
  private void compute(Runnable task) {
    ciphertext.onComputing();
    try {
      TlsTasks.of(driver.executor())
          .run(
              driver.executor(),
              () -> {
                try {
                  task.run();
                } finally {
                  computed();
                }
              });
    } catch (RejectedExecutionException ended) {
      ciphertext.onComputed();
      throw ended;
    }
  }

  private void computed() {
    try {
      driver.loop().execute(ciphertext::onComputed); // behind Netty's going on
    } catch (RejectedExecutionException loopHasEnded) {
      // and the connection with it
    }
  }

  // ---- failures

  /** TLS has failed; also more than once, for one reason. */
  void fail(@Nullable Throwable cause) {
    if (failure != null) {
      return;
    }
    Throwable socket = broken;
    if (socket != null) {
      fail(SocketErrors.broken(stream.toString(), socket));
    } else if (framing.isClosed()) {
      fail(() -> SocketErrors.closed(stream.toString()));
    } else {
      Throwable plain = cause == null ? null : TlsWords.plain(cause);
      String message =
          stream + ": " + (cause == null ? "TLS has failed" : TlsWords.of(cause, host));
      Throwable kept = plain instanceof NotSslRecordException ? null : plain; // holds all it sent
      fail(() -> new TlsException(message, kept));
    }
  }

  private void fail(Supplier<IOException> reason) {
    boolean closed = framing.isClosed();
    failure = reason;
    stopTimer();
    framing.end(reason);
    handshake.fail(reason.get());
    if (!channel.isActive()) {
      return;
    }
    if (abort || closed || broken != null) {
      ChannelEnd.abort(channel);
    } else {
      stream.farewell().begin(ALERT_LINGER, true, false);
    }
  }

  boolean hasFailed() {
    return failure != null;
  }

  /** The peer is not to take what it has got for the whole, which an orderly end would say. */
  void abortOnFailure() {
    abort = true;
  }

  /** The connection has broken, which the stream is going to be told. */
  void onBroken(Throwable cause) {
    broken = cause;
  }

  /** The socket's input has ended. */
  void onInputShutdown() {
    if (!established && failure == null) {
      fail(
          () ->
              new TlsException(
                  stream + ": The peer has closed the connection during the handshake", null));
    }
  }

  /** Netty's handler wants the channel closed, for a reason that comes, or has come. */
  void onCloseAfterFailure() {
    try {
      driver.loop().execute(() -> fail((Throwable) null));
    } catch (RejectedExecutionException loopHasEnded) {
      // and has reset it
    }
  }

  /** Whether a record of a handshake would begin another one. */
  boolean isRenegotiationIfHandshake() {
    return established && oldProtocol;
  }

  // ---- closing

  void onCloseInOrder() {
    closingInOrder = true;
  }

  boolean isClosingInOrder() {
    return closingInOrder;
  }

  @Nullable ChannelHandlerContext ciphertextContext() {
    return channel.pipeline().context(ciphertext);
  }

  // ---- what was received, and is not whole yet

  /** The piece that was promised to the connection does not wait here for the rest of a record. */
  ByteBuf unpromised(ByteBufAllocator allocator, ByteBuf in) {
    if (!intake.memory().isOnPromise() || !Piece.isPiece(in)) {
      return in;
    }
    try {
      return allocator.buffer(in.readableBytes()).writeBytes(in);
    } finally {
      in.release();
    }
  }

  // ---- for the stream

  @Override
  boolean isEndOfInput(Object event) {
    return event == SslCloseCompletionEvent.SUCCESS;
  }

  @Override
  IOException truncated() {
    return new TlsTruncatedException(stream.toString());
  }

  @Override
  ChannelFuture endOutput() {
    if (failure != null || !channel.isActive()) {
      return channel.shutdownOutput();
    }
    ChannelPromise ended = channel.newPromise();
    tls.closeOutbound()
        .addListener(
            said -> {
              if (said.isSuccess()) {
                channel.shutdownOutput(ended);
              } else {
                ended.tryFailure(said.cause());
              }
            });
    return ended;
  }

  @Override
  @Nullable Throwable failure(@Nullable Throwable cause) {
    return cause;
  }
}

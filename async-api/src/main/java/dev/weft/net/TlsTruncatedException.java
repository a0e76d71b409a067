package dev.weft.net;

/**
 * The peer's connection has ended, and its TLS has not (there was no {@code close_notify}): what
 * has come may not be all, and somebody on the way may have cut it. Reads fail with it after what
 * had arrived. Where a message says its own length, as HTTP's do, nothing is wrong if it is whole.
 * Tokio's rustls says {@code UnexpectedEof}, Go {@code io.ErrUnexpectedEOF}.
 *
 * <pre>{@code
 * static CompletableFuture<String> greeting(TcpStream socket) {
 *   try {
 *     return done(await(socket.readLine(80)));
 *   } catch (Exception e) {
 *     if (e instanceof TlsTruncatedException) {
 *       return done("cut off");
 *     }
 *     throw e;
 *   }
 * }
 * }</pre>
 */
public final class TlsTruncatedException extends TlsException {
  private static final long serialVersionUID = 1;

  TlsTruncatedException(String address) {
    super(
        address
            + ": The peer has ended the connection without ending TLS: what has come may not be"
            + " all",
        null);
  }
}

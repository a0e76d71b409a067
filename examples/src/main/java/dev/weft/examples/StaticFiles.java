package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.http.HttpBodyWriter;
import dev.weft.http.HttpOptions;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import dev.weft.io.AsyncFiles;
import dev.weft.net.TcpListener;
import dev.weft.net.TlsAcceptor;
import dev.weft.stream.AsyncStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of a folder, over HTTP, or HTTPS with HTTP/2 if there is a certificate: {@code
 * java -cp .. dev.weft.examples.StaticFiles 8443 site chain.pem key.pem}.
 */
record StaticFiles(Path folder) {
  CompletableFuture<HttpResponse> handle(HttpRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return done(HttpResponse.of(405).header("allow", "GET, HEAD"));
    }
    try {
      String path = request.path() + (request.path().endsWith("/") ? "index.html" : "");
      Path file = await(Async.spawnBlocking(() -> folder.resolve(path.substring(1)).toRealPath()));
      BasicFileAttributes attributes = await(AsyncFiles.attributes(file), IOException.class);
      if (!file.startsWith(folder) || !attributes.isRegularFile()) { // "..", or a link to elsewhere
        return done(HttpResponse.text("Not there\n").status(404));
      }
      String type = URLConnection.guessContentTypeFromName(file.toString());
      return done(
          HttpResponse.stream(
                  type == null ? "application/octet-stream" : type, out -> send(file, out))
              .header("content-length", "" + attributes.size()));
    } catch (IOException | IllegalArgumentException notThere) { // a name that no file has
      return done(HttpResponse.text("Not there\n").status(404));
    }
  }

  private static CompletableFuture<@Nullable Void> send(Path file, HttpBodyWriter out) {
    try (AsyncStream<ByteBuffer> parts = AsyncFiles.chunks(file)) {
      for (ByteBuffer part; (part = await(parts.next())) != null; ) {
        await(out.write(Unpooled.wrappedBuffer(part)));
      }
    }
    return done();
  }

  public static void main(String[] args) throws Exception {
    StaticFiles files = new StaticFiles(Path.of(args[1]).toRealPath());
    WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
    HttpServer server = HttpServer.of(executor, files::handle, HttpOptions.defaults());
    TcpListener listener =
        executor.blockOn(() -> TcpListener.bind("127.0.0.1", Integer.parseInt(args[0])));
    if (args.length > 2) {
      TlsAcceptor.Builder tls = TlsAcceptor.builder().alpn("h2", "http/1.1");
      server.listen(listener, tls.certificate(Path.of(args[2]), Path.of(args[3])).build());
    } else {
      server.listen(listener);
    }
    server.drainAtExit(Duration.ofSeconds(10));
    executor.blockOn(server::ended);
  }
}

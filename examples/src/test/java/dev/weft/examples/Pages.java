package dev.weft.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server for a test. */
final class Pages implements AutoCloseable {
  /** What is answered to a path; null for 503. */
  interface Answers {
    @org.jspecify.annotations.Nullable
    String to(String path) throws InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Pages(Answers answers) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, answers));
    server.start();
  }

  private static void answer(HttpExchange exchange, Answers answers) throws IOException {
    try (exchange) {
      String text = answers.to(exchange.getRequestURI().getPath());
      byte[] bytes = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(text == null ? 503 : 200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  URI at(String path) {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + address.getHostString() + ":" + address.getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

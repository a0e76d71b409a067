package dev.weft.inspect;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.Async.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import dev.weft.net.TcpStream;
import dev.weft.net.Transport;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Makes what docs/inspector.md shows and says: the pictures, with {@code -Dweft.pictures=FOLDER},
 * and what the page costs, with {@code -Dweft.cpu.seconds=60}. Both of 1,000 connections to an echo
 * server and 100,000 sleeping tasks.
 */
class PicturesTest {
  private static final int CONNECTIONS = 1000;
  private static final int SLEEPERS = 100_000;

  /** A server, with clients that are connected to it, and sleepers. */
  private static final class Busy implements AutoCloseable {
    final WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .name("echo")
            .workers(2)
            .driver(Transport.AUTO.driver())
            .pollTimeHistogram(true)
            .scheduleLatencyHistogram(true)
            .build();
    final List<Socket> clients = new ArrayList<>();

    Busy() throws Exception {
      TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
      TcpServer.start(executor, listener, Busy::echo);
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(new Socket("127.0.0.1", listener.localAddress().getPort()));
      }
      for (int i = 0; i < SLEEPERS; i++) {
        String name = "reminder " + i;
        executor.spawn(name, Busy::remind);
      }
    }

    private static CompletableFuture<@Nullable Void> echo(TcpStream socket) {
      for (ByteBuf bytes; (bytes = await(socket.read())) != null; ) {
        await(socket.write(bytes));
      }
      return done();
    }

    private static CompletableFuture<@Nullable Void> remind() {
      await(sleep(Duration.ofHours(1)));
      return done();
    }

    /** Has all clients echo something. */
    void exchange() throws IOException {
      byte[] some = new byte[100];
      for (Socket client : clients) {
        client.getOutputStream().write(some);
      }
      for (Socket client : clients) {
        client.getInputStream().readNBytes(some.length);
      }
    }

    /** A task that computes for too long. */
    static CompletableFuture<@Nullable Void> compute() {
      await(sleep(Duration.ofMillis(1)));
      long end = System.nanoTime() + Duration.ofMillis(400).toNanos();
      while (System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      return done();
    }

    @Override
    public void close() throws IOException {
      for (Socket client : clients) {
        client.close();
      }
      executor.close();
    }
  }

  private static Path chromium() {
    Path found = Chromium.find();
    Assumptions.assumeTrue(found != null, "no Chromium");
    return found;
  }

  private static void awaitRows(Chromium browser, Inspector inspector) throws Exception {
    browser.open(inspector.address());
    browser.until(
        "document.readyState === 'complete'"
            + " && document.getElementById('matching').textContent.startsWith('101,')");
  }

  @Test
  @EnabledIfSystemProperty(named = "weft.pictures", matches = ".+")
  void pictures() throws Exception {
    Path folder = Path.of(System.getProperty("weft.pictures"));
    Files.createDirectories(folder);
    try (Busy busy = new Busy();
        Inspector inspector = Inspector.start(0);
        Chromium browser = Chromium.start(chromium(), 1280, 1130)) {
      browser.prefer("prefers-color-scheme", "light");
      awaitRows(browser, inspector);
      for (int i = 0; i < 10 && busy.executor.slowPolls().isEmpty(); i++) {
        busy.executor.spawn("report", Busy::compute).get(); // is none if the machine is busy
      }
      for (int round = 0; round < 150; round++) { // half a minute of the timeline
        busy.exchange();
        Thread.sleep(100 + round % 7 * 30);
      }
      browser.eval("document.getElementById('grid').focus({ preventScroll: true })");
      browser.press("ArrowDown");
      browser.eval("scrollTo(0, 0)");
      Files.write(folder.resolve("inspector-light.png"), browser.screenshot());
      browser.prefer("prefers-color-scheme", "dark");
      browser.press("g");
      browser.until("document.getElementById('matching').textContent.includes('places')");
      browser.until("document.querySelectorAll('#rows .row').length > 0");
      busy.exchange();
      browser.eval("scrollTo(0, 0)");
      Files.write(folder.resolve("inspector-dark.png"), browser.screenshot());
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "weft.cpu.seconds", matches = "\\d+")
  void cost() throws Exception {
    int seconds = Integer.getInteger("weft.cpu.seconds");
    try (Busy busy = new Busy();
        Inspector inspector = Inspector.start(0)) {
      busy.exchange();
      Thread.sleep(10_000); // for what was compiled, and collected, for the start
      say("before a page was open", seconds, busy);
      try (Chromium browser = Chromium.start(chromium(), 1280, 1040)) {
        awaitRows(browser, inspector);
        say("the first so long that a page is open", seconds, busy);
        say("the second", seconds, busy);
        say("the third", seconds, busy);
        System.out.println(browser.eval("document.getElementById('scan-age').textContent"));
        assertThat(browser.complaints()).isEmpty();
      }
      Thread.sleep(120_000); // until the last look is let go of
      say("after the page was closed", seconds, busy);
    }
  }

  private static void say(String when, int seconds, Busy busy) throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = system.getProcessCpuTime();
    Thread.sleep(seconds * 1000L);
    double millis = (system.getProcessCpuTime() - before) / 1e6;
    System.out.printf(
        "%s: %.0f ms of CPU in %d s, %.2f %%; %d tasks%n",
        when, millis, seconds, millis / seconds / 10, busy.executor.metrics().aliveTasks());
  }
}

package dev.weft.examples;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The examples under load, with clients and servers that go at any moment: afterwards there is no
 * task, no socket and no buffer left of it.
 *
 * <p>{@code -DargLine="-Dexamples.clients=1000 -Dexamples.seconds=60"} for more than a build does.
 */
class LoadTest {
  private static final Logger log = LoggerFactory.getLogger(LoadTest.class);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  @Test
  void nothingIsLeftOfGuestsOfAChat() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      chat(executor, executor::unended);
    }
  }

  @Test
  void nothingIsLeftOfGuestsOfAChatInNodeMode() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().build()) {
      chat(executor, executor::unended);
    }
  }

  private static void chat(AsyncExecutor executor, Supplier<List<CloseReport.Unended>> unended)
      throws Exception {
    ChatServer chat = new ChatServer(1_000);
    TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
    TcpServer server = TcpServer.start(executor, listener, chat::serve);
    int port = listener.localAddress().getPort();
    Guests guests = new Guests(port, Load.CLIENTS);
    try (guests) {
      Load.repeat(
          () -> {
            guests.step();
            LockSupport.parkNanos(50_000); // the chat is to have a turn as well
          });
    }
    Load.until("no guest is left", () -> server.open() == 0);
    Load.until("no guest's task is left", () -> unended.get().isEmpty());
    log.info("{}", guests);
    server.drain(Duration.ZERO).get();
    Load.until("its sockets are closed", () -> OpenSockets.of(port) == 0);
  }

  @Test
  void nothingIsLeftOfRequestsToServicesThatReset() throws Exception {
    try (UnreliableSite services = new UnreliableSite(path -> "100")) {
      Aggregator aggregator =
          new Aggregator(
              CLIENT,
              List.of(
                  services.at("/1"),
                  services.at("/2"),
                  services.at("/3"),
                  services.at("/4"),
                  services.at("/5")));
      underLoad(services, Load.CLIENTS, limit -> aggregator.bestPrice("request", limit));
    }
  }

  @Test
  void nothingIsLeftOfCrawlsOfASiteThatResets() throws Exception {
    try (UnreliableSite site = new UnreliableSite(LoadTest::page)) {
      Crawler crawler = new Crawler(CLIENT);
      underLoad(
          site,
          Math.max(1, Load.CLIENTS / 4),
          limit -> Async.timeout(limit, crawler.crawl(site.at("/1"), 4)));
    }
  }

  /** A page links to two others, up to 63. */
  private static String page(String path) {
    int n = Integer.parseInt(path.substring(1));
    return n > 31 ? "a leaf" : "<a href=\"/" + 2 * n + "\"> <a href=\"/" + (2 * n + 1) + "\">";
  }

  /** So many calls at a time, each with a limit of its own, of which some are cancelled before. */
  private static void underLoad(
      UnreliableSite site, int atATime, Function<Duration, CompletableFuture<?>> call)
      throws Exception {
    Random random = new Random(14);
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      Task<?>[] calls = new Task<?>[atATime];
      int[] ends = new int[3];
      Load.repeat(
          () -> {
            int i = random.nextInt(atATime);
            if (calls[i] == null || calls[i].isDone()) {
              count(calls[i], ends);
              Duration limit = Duration.ofMillis(50 + random.nextInt(2_000));
              calls[i] = executor.spawn(() -> call.apply(limit).thenApply(result -> 1));
              calls[i].exceptionally(expected -> null); // and looked at
            } else if (random.nextInt(1_000) == 0) {
              calls[i].cancel(true);
            } else {
              LockSupport.parkNanos(100_000);
            }
          });
      for (Task<?> last : calls) {
        if (last != null) {
          last.cancel(true);
        }
      }
      Load.until("nothing that was called is left", () -> executor.unended().isEmpty());
      Load.until("no request is left", () -> site.silent() == 0);
      log.info(
          "{} calls came to an end, {} failed, {} were cancelled; {}",
          ends[0],
          ends[1],
          ends[2],
          site);
    }
  }

  private static void count(@Nullable Task<?> ended, int[] ends) {
    if (ended != null) {
      ends[ended.isCancelled() ? 2 : ended.isCompletedExceptionally() ? 1 : 0]++;
    }
  }
}

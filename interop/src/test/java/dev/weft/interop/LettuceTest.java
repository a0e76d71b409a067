package dev.weft.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.WorkStealingExecutor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lettuce on an executor's loops, with a Redis that is started for it. */
class LettuceTest {
  private static final int COMMANDS = 500;

  /** Gives the executor's loops, whatever kind Lettuce asks for, and shuts none down. */
  private record WeftLoops(EventLoopGroup group, int threadPoolSize)
      implements EventLoopGroupProvider {
    @Override
    @SuppressWarnings(
        "unchecked") // it asks for the class of its own choice, and uses it as a group
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
      return (T) group;
    }

    @Override
    public Future<Boolean> release(
        EventExecutorGroup released, long quietPeriod, long timeout, TimeUnit unit) {
      return GlobalEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
      return GlobalEventExecutor.INSTANCE.newSucceededFuture(true);
    }
  }

  @TempDir Path folder;
  private Process redis;
  private int port;

  private static Stream<Path> pathFolders() {
    return Stream.of(System.getenv("PATH").split(":")).map(Path::of);
  }

  @BeforeEach
  void startRedis() throws Exception {
    Path program =
        pathFolders()
            .map(bin -> bin.resolve("redis-server"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(
        program != null,
        "SKIPPED: there is no redis-server in the PATH; apt-get install redis-server");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    redis =
        new ProcessBuilder(
                program.toString(),
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Loops.SECONDS);
    while (!isUp()) {
      assertThat(redis.isAlive()).as(Files.readString(folder.resolve("redis.log"))).isTrue();
      assertThat(System.nanoTime()).as("redis-server is up in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private boolean isUp() {
    try (Socket probe = new Socket("127.0.0.1", port)) {
      return probe.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @AfterEach
  void stopRedis() throws Exception {
    if (redis != null) {
      redis.destroy();
      assertThat(redis.waitFor(Loops.SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static ClientResources resources(WorkStealingExecutor executor) {
    EventLoopGroup group = executor.eventLoopGroup();
    return DefaultClientResources.builder()
        .eventLoopGroupProvider(new WeftLoops(group, 2))
        .eventExecutorGroup(group)
        .build();
  }

  private RedisClient client(ClientResources resources) {
    return RedisClient.create(resources, RedisURI.Builder.redis("127.0.0.1", port).build());
  }

  @Test
  void commandsPipelinesAndTransactions() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (WorkStealingExecutor executor = Loops.executor()) {
      ClientResources resources = resources(executor);
      RedisClient client = client(resources);
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        connection.sync().set("greeting", "hello");
        assertThat(connection.sync().get("greeting")).isEqualTo("hello");
        RedisAsyncCommands<String, String> async = connection.async();
        List<CompletableFuture<Long>> counts = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
          counts.add(
              async
                  .incr("count")
                  .toCompletableFuture()
                  .whenComplete((n, error) -> threads.add(Thread.currentThread().getName())));
        }
        for (int i = 0; i < COMMANDS; i++) {
          assertThat(counts.get(i).get(Loops.SECONDS, TimeUnit.SECONDS)).isEqualTo(i + 1L);
        }
        connection.sync().multi();
        connection.sync().set("a", "1");
        connection.sync().incr("a");
        TransactionResult result = connection.sync().exec();
        assertThat(result.<Object>get(1)).isEqualTo(2L);
      }
      client.shutdown(0, Loops.SECONDS, TimeUnit.SECONDS);
      assertThat(resources.shutdown(0, Loops.SECONDS, TimeUnit.SECONDS).get()).isTrue();
      EventLoopGroup group = executor.eventLoopGroup();
      assertThat(group.isShuttingDown()).isFalse();
      assertThat(executor.submit(() -> 1).get(Loops.SECONDS, TimeUnit.SECONDS)).isOne();
    }
    assertThat(threads).anyMatch(Loops::isWorker);
  }

  @Test
  void publishAndSubscribe() throws Exception {
    try (WorkStealingExecutor executor = Loops.executor()) {
      ClientResources resources = resources(executor);
      RedisClient client = client(resources);
      CompletableFuture<String> heard = new CompletableFuture<>();
      try (StatefulRedisPubSubConnection<String, String> listening = client.connectPubSub();
          StatefulRedisConnection<String, String> talking = client.connect()) {
        listening.addListener(
            new RedisPubSubAdapter<>() {
              @Override
              public void message(String channel, String message) {
                heard.complete(channel + ": " + message);
              }
            });
        listening.sync().subscribe("news");
        assertThat(talking.sync().publish("news", "none")).isOne();
        assertThat(heard.get(Loops.SECONDS, TimeUnit.SECONDS)).isEqualTo("news: none");
      }
      client.shutdown(0, Loops.SECONDS, TimeUnit.SECONDS);
      assertThat(resources.shutdown(0, Loops.SECONDS, TimeUnit.SECONDS).get()).isTrue();
    }
  }
}

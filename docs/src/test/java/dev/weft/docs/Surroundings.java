package dev.weft.docs;

import dev.weft.AsyncLocal;
import dev.weft.CloseReport;
import dev.weft.FutureAdapter;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Frame;
import dev.weft.net.ByteStream;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import dev.weft.net.TcpStream;
import dev.weft.net.UdpSocket;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * What examples may name without saying where it comes from: a reader sees what it is by its name
 * and use. All examples have these fields, methods and types in scope; they are compiled and woven,
 * never run, so nothing here does anything.
 *
 * <p>An example that needs more than that says it itself. Before something is added here: could two
 * of the examples share what there is?
 */
@SuppressWarnings({"NullAway", "unused"})
public final class Surroundings {
  private Surroundings() {}

  // ---- what most programs have

  public static WorkStealingExecutor executor;
  public static NodeExecutor node;
  public static TcpListener listener;
  public static TcpServer server;
  public static TcpStream socket;
  public static UdpSocket udp;
  public static CloseReport report;
  public static Thread thread;
  public static MeterRegistry registry;
  public static ChannelHandler handler;
  public static LongAdder served;
  public static LongAdder failed;
  public static final AsyncLocal<String> REQUEST = new AsyncLocal<>();

  /** Something that can be had for the time of a call only. */
  public record Tenant(String name) {
    public static Tenant current() {
      throw new UnsupportedOperationException();
    }

    public static void runAs(Tenant tenant, Runnable body) {}
  }

  public static CompletableFuture<Void> echo(ByteStream socket) {
    throw new UnsupportedOperationException();
  }

  public static CompletableFuture<Void> handle(TcpStream socket) {
    throw new UnsupportedOperationException();
  }

  public static CompletableFuture<Void> serve(int port) {
    throw new UnsupportedOperationException();
  }

  public static void report() {}

  public static int fibonacci(int n) {
    return n;
  }

  public static CompletableFuture<Integer> countPrimes(int from, int to) {
    throw new UnsupportedOperationException();
  }

  // ---- a shop

  public interface Item {}

  public interface Price {}

  public interface Receipt {}

  public static final class SoldOutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SoldOutException(Item item) {
      super(item.toString());
    }
  }

  public interface Shop {
    CompletableFuture<Price> price();

    CompletableFuture<Price> price(Item item);

    CompletableFuture<Boolean> reserve(Item item);

    CompletableFuture<Receipt> pay(Price price);

    /** As javac and the weaver leave the body of an async method. */
    static Object lambda$async$buy(Shop shop, int v1, int state, Frame<?> frame) {
      throw new UnsupportedOperationException();
    }
  }

  public static Shop shop;
  public static Item item;

  public static CompletableFuture<Receipt> buy(Shop shop, Item item) {
    throw new UnsupportedOperationException();
  }

  // ---- a database, and a library with callbacks

  public interface Pool {
    CompletableFuture<Connection> open();
  }

  public interface Connection extends AutoCloseable {
    CompletableFuture<Void> begin();

    CompletableFuture<Void> update();

    CompletableFuture<Void> commit();

    CompletableFuture<Void> rollback();

    CompletableFuture<Void> ping();

    void abandon();

    @Override
    void close();
  }

  public static Pool pool;
  public static Connection connection;

  public interface PhoneBook {
    void look(String name, Consumer<String> found, Consumer<Throwable> failed);
  }

  // ---- a future of one's own

  public interface Promise<T> extends CompletionStage<T> {}

  public static final class FuturePromise<T> extends CompletableFuture<T> implements Promise<T> {
    public FuturePromise(CompletionStage<T> stage) {}
  }

  /** Named in the tests' {@code META-INF/services}, without which the weaver warns. */
  public static final class Promises implements FutureAdapter {
    @Override
    public Class<?> type() {
      return Promise.class;
    }

    @Override
    public <T> Promise<T> adapt(CompletableFuture<T> future) {
      return new FuturePromise<>(future);
    }
  }

  // ---- what the weaver makes, and what it is given

  public static CompletionStage<?> stage;
  public static Frame<?> frame;

  public abstract static class SomeFrame extends Frame<Object> {
    public static <T> Task<T> suspend(CompletableFuture<?> awaited, int state, Frame<?> frame) {
      throw new UnsupportedOperationException();
    }
  }

  public static Weaver weaver;
  public static WeaveResult result;
  public static MethodReport method;
  public static MethodReport.SuspensionPoint point;
  public static ClassLoader loader;
  public static Path classes;
  public static byte[] classFile;
  public static String className;

  // ---- an application

  public static final class Application {
    public static void run(String... args) {}
  }
}

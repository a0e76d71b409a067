package dev.weft.scheduler.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a stack says, for those that {@link BlockingCallsTest} cannot bring about. */
class StackReadingTest {
  private static StackTraceElement at(String type, String method) {
    return new StackTraceElement(type, method, type + ".java", 7);
  }

  private static StackTraceElement inNative(String type, String method) {
    return new StackTraceElement(type, method, type + ".java", -2);
  }

  private static StackReading running(StackTraceElement... stack) {
    return StackReading.of(stack, false, null);
  }

  private static StackReading waiting(StackTraceElement... stack) {
    return StackReading.of(stack, true, null);
  }

  private static final StackTraceElement CALLER = at("shop.Orders", "pay");

  @Test
  void aQueryIsCalledByItsNameAndByWhoMakesIt() {
    StackReading reading =
        running(
            inNative("sun.nio.ch.Net", "poll"),
            at("sun.nio.ch.NioSocketImpl", "timedRead"),
            at("java.net.Socket$SocketInputStream", "read"),
            at("org.postgresql.core.VisibleBufferedInputStream", "readMore"),
            at("org.postgresql.jdbc.PgStatement", "executeQuery"),
            CALLER);
    assertThat(reading.blocker()).isEqualTo("a call of JDBC");
    assertThat(reading.place()).isEqualTo(CALLER);
    assertThat(reading.advice()).contains("spawnBlocking");
    assertThat(reading.isNative()).isTrue();
  }

  @Test
  void theLookUpOfAName() {
    StackReading reading =
        running(
            inNative("java.net.Inet6AddressImpl", "lookupAllHostAddr"),
            at("java.net.InetAddress$PlatformNameService", "lookupAllHostAddr"),
            at("java.net.InetAddress", "getAllByName"),
            CALLER);
    assertThat(reading.blocker()).isEqualTo("InetAddress, the look-up of a name");
    assertThat(reading.isNative()).isTrue();
  }

  @Test
  void aWaitThatNobodyKnows() {
    StackReading reading = waiting(at("shop.Native", "waitForDevice"), at("shop.Orders", "pay"));
    assertThat(reading.blocker()).isEqualTo("Native.waitForDevice");
    assertThat(reading.advice()).contains("spawnBlocking");
  }

  @Test
  void aPark() {
    StackReading reading =
        waiting(
            inNative("jdk.internal.misc.Unsafe", "park"),
            at("java.util.concurrent.locks.LockSupport", "park"),
            CALLER);
    assertThat(reading.blocker()).isEqualTo("LockSupport.park");
    assertThat(reading.place()).isEqualTo(CALLER);
  }

  @Test
  void whatNettyReadsDoesNotBlock() {
    StackReading reading =
        running(
            inNative("sun.nio.ch.SocketDispatcher", "read0"),
            at("sun.nio.ch.SocketChannelImpl", "read"),
            at("io.netty.channel.socket.nio.NioSocketChannel", "doReadBytes"),
            CALLER);
    assertThat(reading.isNative()).isFalse();
    assertThat(reading.blocker()).isNull();
    assertThat(reading.place()).isEqualTo(CALLER);
  }

  @Test
  void whatRunsInTheMidstOfSuchACallDoesNotBlockThere() {
    StackReading reading =
        running(
            at("sun.nio.ch.IOUtil", "read"), at("sun.nio.ch.SocketChannelImpl", "read"), CALLER);
    assertThat(reading.isNative()).isFalse();
    assertThat(reading.blocker()).isNull();
  }

  @Test
  void theFirstUseOfAClass() {
    for (StackTraceElement loading :
        List.of(
            at("java.lang.ClassLoader", "defineClass"),
            at("java.lang.invoke.MethodHandleNatives", "linkCallSite"),
            at("jdk.internal.loader.BuiltinClassLoader", "loadClass"))) {
      StackReading reading = running(at("java.util.zip.Inflater", "inflate"), loading, CALLER);
      assertThat(reading.firstUse()).as("%s", loading).isTrue();
      assertThat(reading.blocker()).isNull();
      assertThat(reading.place()).isEqualTo(CALLER);
    }
    StackReading ofAJar =
        running(
            inNative("java.io.RandomAccessFile", "readBytes0"),
            at("java.io.RandomAccessFile", "read"),
            at("java.util.zip.ZipFile$Source", "readFullyAt"),
            at("java.util.zip.ZipFile", "getInputStream"),
            at("java.util.jar.JarFile", "getInputStream"),
            at("jdk.internal.loader.URLClassPath$JarLoader", "getResource"),
            at("java.lang.ClassLoader", "loadClass"),
            CALLER);
    assertThat(ofAJar.firstUse()).isTrue();
    assertThat(ofAJar.isNative()).as("so that it is told though it computes nothing").isTrue();
    assertThat(ofAJar.blocker()).as("the program reads no jar").isNull();
    assertThat(running(at("shop.Orders", "<clinit>"), CALLER).firstUse()).isTrue();
    assertThat(running(CALLER, at("shop.Orders", "<clinit>")).firstUse()).isFalse();
  }

  @Test
  void aLineOfOursIsNoneOfTheApplicationAndOneInOurPackagesIs() {
    StackTraceElement ours = at(WorkStealingExecutor.class.getName(), "execute");
    StackTraceElement theirs = at(StackReadingTest.class.getName(), "pay");
    assertThat(running(ours, theirs).place()).isEqualTo(theirs);
    assertThat(running(ours).place()).isNull();
    StackTraceElement elsewhere = at("dev.weft.shop.Orders", "pay");
    assertThat(running(ours, elsewhere).place()).as("in another loader").isEqualTo(elsewhere);
    StackTraceElement lambda = at("shop.Orders$$Lambda/0x123", "run");
    assertThat(running(lambda, ours).place()).as("it has no line").isNull();
  }

  /** The names are looked for as strings, so see that the JDK has them. */
  @Test
  void theJdkStillCallsThemThat() throws Exception {
    for (Class<?> type :
        List.of(
            CompletableFuture.class,
            Class.forName("java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject"),
            Class.forName("java.lang.ProcessImpl"),
            Class.forName("sun.nio.ch.NioSocketImpl"),
            Class.forName("sun.nio.ch.SocketChannelImpl"),
            Class.forName("sun.nio.ch.ServerSocketChannelImpl"),
            Class.forName("sun.nio.ch.DatagramChannelImpl"),
            Class.forName("sun.nio.ch.FileChannelImpl"))) {
      assertThat(Stream.of(type.getDeclaredMethods()).map(Method::getName))
          .as(type.getName())
          .containsAnyOf("join", "await", "waitFor", "read", "accept", "receive");
    }
  }
}

package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is added to exceptions, and what is taken back, by frames that stand at known lines. */
class AsyncTracesTest {
  private static final String AT_BUY = "await//shop.Shop.buy(Shop.java:10)";
  private static final String AT_SELL = "await//shop.Shop.sell(Shop.java:20)";

  private final ManualExecutor executor = new ManualExecutor();

  /** A method that awaits one future, in a line of its own, and notes what that throws. */
  private static class Buy extends Frame<Object> {
    Throwable seen;
    StackTraceElement[] trace;

    Buy(AsyncExecutor executor) {
      super(executor);
    }

    void awaits(CompletableFuture<?> future) {
      park(future, 1);
    }

    @Override
    protected Object resume() {
      CompletableFuture<?> awaited = takeAwaited();
      try {
        return Settled.value(Await.take(awaited));
      } catch (Throwable thrown) {
        seen = thrown;
        trace = thrown.getStackTrace();
        return Settled.value(null);
      }
    }

    @Override
    protected String awaitTable() {
      return "shop.Shop\tbuy\tShop.java\t10";
    }
  }

  private static final class Sell extends Buy {
    Sell(AsyncExecutor executor) {
      super(executor);
    }

    @Override
    protected String awaitTable() {
      return "shop.Shop\tsell\tShop.java\t20";
    }
  }

  /** Its name is that of a lambda's frame class. */
  private static final class Shop$weft$lambda$buy$0 extends Buy {
    Shop$weft$lambda$buy$0(AsyncExecutor executor) {
      super(executor);
    }
  }

  /** A thread on which frames can be polled as an executor's threads do. */
  private static final class Carrying extends Thread implements CarrierThread {
    private final Carrier carrier;

    Carrying(AsyncExecutor executor, Runnable body) {
      super(body);
      this.carrier =
          new Carrier() {
            @Override
            public AsyncExecutor executor() {
              return executor;
            }
          };
    }

    @Override
    public Carrier carrier() {
      return carrier;
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  private void onCarrier(Body body) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Carrying(
            executor,
            () -> {
              try {
                body.run();
              } catch (Throwable thrown) {
                failure.set(thrown);
              }
            });
    thread.start();
    thread.join();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** Has a frame await a future that then fails, and polls it. */
  private <F extends Buy> F fails(F frame, CompletableFuture<Object> future, Throwable error) {
    frame.awaits(future);
    future.completeExceptionally(error);
    executor.runAll();
    assertThat(frame.seen).isSameAs(error);
    return frame;
  }

  private static List<String> lines(StackTraceElement[] trace) {
    List<String> lines = new ArrayList<>();
    Arrays.asList(trace).forEach(element -> lines.add(element.toString()));
    return lines;
  }

  private static List<String> added(Throwable error) {
    List<String> lines = lines(error.getStackTrace());
    lines.removeIf(line -> !line.startsWith("await//"));
    return lines;
  }

  @Test
  void whoIsResumedByAFailureStandsAtItsLine() throws Exception {
    onCarrier(
        () -> {
          for (CompletableFuture<Object> future :
              List.of(new CompletableFuture<>(), new Task<>())) {
            IllegalStateException error = new IllegalStateException();
            error.setStackTrace(
                new StackTraceElement[] {
                  new StackTraceElement("shop.Bank", "lambda$async$pay", "Bank.java", 5),
                  new StackTraceElement("shop.Bank", "pay", "Bank.java", -1),
                  new StackTraceElement("shop.Bank", "open", "Bank.java", 3)
                });
            Buy buy = fails(new Buy(executor), future, error);

            assertThat(lines(buy.trace))
                .containsExactly(
                    "shop.Bank.pay(Bank.java:5)", "shop.Bank.open(Bank.java:3)", AT_BUY);
          }
        });
  }

  @Test
  void aLambdaIsCalledAsItIsOnTheStack() throws Exception {
    onCarrier(
        () -> {
          IllegalStateException error = new IllegalStateException();
          Buy buy = fails(new Shop$weft$lambda$buy$0(executor), new Task<>(), error);

          assertThat(lines(buy.trace)).doesNotContain(AT_BUY);
        });
  }

  @Test
  void whatASecondOneAwaitsIsAsItWas() throws Exception {
    onCarrier(
        () -> {
          IllegalStateException error = new IllegalStateException();
          StackTraceElement[] before = error.getStackTrace();
          Task<Object> future = new Task<>();
          fails(new Buy(executor), future, error);
          assertThat(added(error)).containsExactly(AT_BUY);

          fails(new Sell(executor), future, error);

          assertThat(error.getStackTrace()).containsExactly(before);
          assertThat(lines(error.getStackTrace())).isEqualTo(lines(before));
        });
  }

  @Test
  void whatTwoFuturesHoldIsAsItWasHoweverManyFailMeanwhile() throws Exception {
    onCarrier(
        () -> {
          List<IllegalStateException> errors = new ArrayList<>();
          List<StackTraceElement[]> before = new ArrayList<>();
          for (int i = 0; i < 10_000; i++) {
            IllegalStateException error = new IllegalStateException();
            errors.add(error);
            before.add(error.getStackTrace());
            fails(new Buy(executor), new Task<>(), error);
          }

          for (int i = 0; i < errors.size(); i += 2) {
            fails(new Sell(executor), new Task<>(), errors.get(i));
          }

          for (int i = 0; i < errors.size(); i++) {
            if (i % 2 == 0) {
              assertThat(errors.get(i).getStackTrace()).containsExactly(before.get(i));
            } else {
              assertThat(added(errors.get(i))).containsExactly(AT_BUY);
            }
          }
        });
  }

  @Test
  void whatIsThrownAgainHasNoMoreThanBefore() throws Exception {
    onCarrier(
        () -> {
          IllegalStateException error = new IllegalStateException();
          fails(new Buy(executor), new Task<>(), error);
          List<String> once = lines(error.getStackTrace());
          HandWritten<Object> rethrows =
              new HandWritten<>(
                  executor,
                  (self, state, awaited) -> {
                    throw error;
                  });

          rethrows.run();

          assertThat(lines(error.getStackTrace())).isEqualTo(once);
        });
  }

  @Test
  void whatTheProgramHasWrittenStays() throws Exception {
    onCarrier(
        () -> {
          IllegalStateException error = new IllegalStateException();
          Task<Object> future = new Task<>();
          fails(new Buy(executor), future, error);
          StackTraceElement[] others = error.getStackTrace();
          others[0] = new StackTraceElement("shop.Other", "method", "Other.java", 1);
          error.setStackTrace(others);

          fails(new Sell(executor), future, error);

          assertThat(error.getStackTrace()).containsExactly(others);
        });
  }

  @Test
  void oneThatWrapsAnotherHasItsOwn() throws Exception {
    onCarrier(
        () -> {
          IllegalStateException cause = new IllegalStateException();
          Buy buy = fails(new Buy(executor), new Task<>(), cause);
          RuntimeException around = new RuntimeException(buy.seen);

          fails(new Sell(executor), new Task<>(), around);

          assertThat(added(around)).containsExactly(AT_SELL);
          assertThat(added(cause)).containsExactly(AT_BUY);
        });
  }

  @Test
  void aConstantAndOneWithoutATraceStayAsTheyAre() throws Exception {
    StackTraceElement[] constant = {new StackTraceElement("shop.Shop", "<clinit>", "Shop.java", 5)};
    onCarrier(
        () -> {
          for (StackTraceElement[] trace : List.of(constant, new StackTraceElement[0])) {
            IllegalStateException error = new IllegalStateException();
            error.setStackTrace(trace);
            fails(new Buy(executor), new Task<>(), error);
            assertThat(error.getStackTrace()).containsExactly(trace);
          }
        });
  }

  @Test
  void whatTwoThreadsAwaitAtOnceIsAsItWas() throws Exception {
    for (int i = 0; i < 200; i++) {
      IllegalStateException error = new IllegalStateException();
      StackTraceElement[] before = error.getStackTrace();
      CompletableFuture<Object> future = CompletableFuture.failedFuture(error);
      CyclicBarrier begin = new CyclicBarrier(2);
      List<Thread> threads = new ArrayList<>();
      for (Buy frame : List.of(new Buy(executor), new Sell(executor))) {
        Thread thread =
            new Carrying(
                executor,
                () -> {
                  frame.awaits(future);
                  try {
                    begin.await();
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                  frame.run();
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      executor.clear();

      assertThat(error.getStackTrace()).containsExactly(before);
    }
  }

  @Test
  void anExceptionThatRefusesItsTraceIsThrownAllTheSame() throws Exception {
    onCarrier(
        () -> {
          RuntimeException error =
              new RuntimeException() {
                @Override
                public StackTraceElement[] getStackTrace() {
                  throw new UnsupportedOperationException();
                }
              };
          fails(new Buy(executor), new Task<>(), error);
        });
  }
}

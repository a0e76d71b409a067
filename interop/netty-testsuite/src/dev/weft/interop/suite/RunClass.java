package dev.weft.interop.suite;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests of a class, and says in a line for each what has failed, and how many passed. */
public final class RunClass {
  private RunClass() {}

  public static void main(String[] args) {
    AtomicInteger passed = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger skipped = new AtomicInteger();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionSkipped(TestIdentifier test, String reason) {
            skipped.incrementAndGet();
          }

          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            Throwable error = result.getThrowable().orElse(null);
            switch (result.getStatus()) {
              case ABORTED -> skipped.incrementAndGet();
              case FAILED -> {
                failed.incrementAndGet();
                System.out.println("FAILED " + test.getDisplayName() + ": " + error);
                if (error != null) {
                  error.printStackTrace(System.out);
                }
              }
              default -> passed.addAndGet(test.isTest() ? 1 : 0);
            }
          }
        };
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(args[0]))
            .configurationParameter(
                "junit.jupiter.execution.timeout.default", System.getProperty("limit", "60") + " s")
            .build();
    LauncherFactory.create().execute(request, listener);
    System.out.printf(
        "RESULT %d passed, %d failed, %d skipped%n", passed.get(), failed.get(), skipped.get());
    System.exit(failed.get() == 0 ? 0 : 1); // the loops' threads may be daemons or not
  }
}

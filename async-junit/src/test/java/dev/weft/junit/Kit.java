package dev.weft.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;

import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs classes of tests by Jupiter's engine. */
final class Kit {
  private Kit() {}

  static Events run(Class<?> tests) {
    return run(tests, Map.of());
  }

  static Events run(Class<?> tests, Map<String, String> parameters) {
    return results(tests, parameters).testEvents();
  }

  static EngineExecutionResults results(Class<?> tests, Map<String, String> parameters) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameters(parameters)
        .selectors(selectClass(tests))
        .execute();
  }

  /** What each test that has failed has failed with, in the order of their ends. */
  static List<Throwable> failures(Events tests) {
    return tests.stream()
        .filter(finishedWithFailure()::matches)
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow())
        .toList();
  }

  /** The only test of a class, which must have failed. */
  static Throwable failure(Class<?> tests) {
    List<Throwable> failures = failures(run(tests));
    if (failures.size() != 1) {
      throw new AssertionError("not one failure: " + failures);
    }
    return failures.get(0);
  }

  static List<String> names(Events tests) {
    return tests.started().stream()
        .map(Event::getTestDescriptor)
        .map(d -> d.getDisplayName())
        .toList();
  }
}

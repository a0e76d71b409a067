package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.LocalVariable;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.StepRequest;
import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A debugger, over JDWP, stops in a woven method after an await and sees what it would unwoven. */
class DebuggerTest {
  private static final long DEADLINE_MILLIS = TimeUnit.SECONDS.toMillis(240);

  @TempDir private Path folder;

  private final List<Stop> stops = new ArrayList<>();

  /** Where the program stood, and the values of what could be seen there by name. */
  private record Stop(int line, Map<String, String> locals) {}

  static Stream<WeaverOptions> ways() {
    return Stream.of(Engine.EA, Engine.DIRECT).map(WeaverOptions.DEFAULT::withEngine);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void breakpointsBeforeAndAfterAnAwaitShowLocalsAndParameters(WeaverOptions options)
      throws Exception {
    SourceLines lines = SourceLines.of(Debugged.class);
    int before = lines.lineOf("// the await");
    int after = lines.lineOf("// after the await");
    Map<String, String> values = Map.of("item", "\"tea\"", "count", "3", "price", "750");

    debug(options, before, 0);
    // EA Async's code passes the line once more when it is resumed.
    assertThat(stops).isNotEmpty().containsOnly(new Stop(before, values));

    stops.clear();
    debug(options, after, 0);
    assertThat(stops).containsExactly(new Stop(after, values));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void steppingAfterAnAwaitGoesLineByLine(WeaverOptions options) throws Exception {
    SourceLines lines = SourceLines.of(Debugged.class);
    int line = lines.lineOf("// after the await");

    debug(options, line, 2);

    assertThat(stops).extracting(Stop::line).containsExactly(line, line + 1, line + 2);
    assertThat(stops.get(2).locals()).containsEntry("text", "\"tea 750\"").containsEntry("i", "0");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void steppingOverAnAwaitStaysInTheMethod(WeaverOptions options) throws Exception {
    int line = SourceLines.of(Debugged.class).lineOf("// a ready await");

    debug(options, line, 1);

    assertThat(stops).extracting(Stop::line).containsExactly(line, line + 1);
    assertThat(stops.get(1).locals()).containsEntry("text", "\"tea 750...!\"");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aLocalThatTheAwaitHasNotKeptIsNotShown(WeaverOptions options) throws Exception {
    int line = SourceLines.of(Debugged.class).lineOf("// after the ready await");

    debug(options, line, 0);

    assertThat(stops).containsExactly(new Stop(line, Map.of("text", "\"tea 750...!\"")));
  }

  @Test
  void withDebugAllLocalsInScopeAreKept() throws Exception {
    int line = SourceLines.of(Debugged.class).lineOf("// after the ready await");

    debug(WeaverOptions.DEFAULT.withDebug(true), line, 0);

    assertThat(stops)
        .containsExactly(
            new Stop(
                line,
                Map.of(
                    "text", "\"tea 750...!\"", "item", "\"tea\"", "count", "3", "price", "750")));
  }

  /** Runs the program, stops at the line, steps over some more, and lets it go. */
  private void debug(WeaverOptions options, int line, int steps) throws Exception {
    VirtualMachine machine = launch(new WovenProgram(Debugged.class, folder, options));
    try {
      ClassPrepareRequest prepared = machine.eventRequestManager().createClassPrepareRequest();
      prepared.addClassFilter(Debugged.class.getName());
      prepared.enable();
      machine.resume();
      boolean running = true;
      while (running) {
        EventSet events = machine.eventQueue().remove(DEADLINE_MILLIS);
        assertThat(events).as("an event before the deadline; stops so far: %s", stops).isNotNull();
        for (Event event : events) {
          running &= !(event instanceof VMDeathEvent || event instanceof VMDisconnectEvent);
          handle(event, line, steps);
        }
        if (running) {
          events.resume();
        }
      }
    } finally {
      machine.process().destroyForcibly();
    }
  }

  private void handle(Event event, int line, int steps) throws Exception {
    if (event instanceof ClassPrepareEvent prepared) {
      setBreakpoints(prepared.referenceType(), line);
    } else if (event instanceof BreakpointEvent stopped && (steps == 0 || stops.isEmpty())) {
      stops.add(stopIn(stopped.thread().frame(0)));
      if (steps > 0) {
        StepRequest step =
            event
                .virtualMachine()
                .eventRequestManager()
                .createStepRequest(stopped.thread(), StepRequest.STEP_LINE, StepRequest.STEP_OVER);
        step.enable();
      }
    } else if (event instanceof StepEvent stepped) {
      stops.add(stopIn(stepped.thread().frame(0)));
      if (stops.size() > steps) {
        stepped.request().disable();
      }
    }
  }

  /** At every place that carries the line, as a debugger does: in a woven class there are two. */
  private static void setBreakpoints(ReferenceType type, int line)
      throws AbsentInformationException {
    List<Location> locations = type.locationsOfLine(line);
    assertThat(locations).isNotEmpty();
    for (Location location : locations) {
      EventRequest breakpoint =
          type.virtualMachine().eventRequestManager().createBreakpointRequest(location);
      breakpoint.enable();
    }
  }

  private static Stop stopIn(StackFrame frame) throws AbsentInformationException {
    Map<String, String> locals = new TreeMap<>();
    for (LocalVariable variable : frame.visibleVariables()) {
      locals.put(variable.name(), String.valueOf(frame.getValue(variable)));
    }
    return new Stop(frame.location().lineNumber(), locals);
  }

  private static VirtualMachine launch(WovenProgram program) throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    argument(arguments, "main").setValue(Debugged.class.getName());
    argument(arguments, "options").setValue("-cp \"" + program.classPath() + "\"");
    return connector.launch(arguments);
  }

  private static Connector.Argument argument(
      Map<String, Connector.Argument> arguments, String name) {
    Connector.Argument argument = arguments.get(name);
    assertThat(argument).as("argument %s of the connector", name).isNotNull();
    return argument;
  }
}

package dev.weft.weaver;

import dev.weft.weaver.bare.BareCalls;
import dev.weft.weaver.generator.Generators;
import dev.weft.weaver.jumps.FarJumps;
import dev.weft.weaver.lower.LoweredMethod;
import dev.weft.weaver.lower.LoweringTarget;
import dev.weft.weaver.prepare.AwaitingHelpers;
import dev.weft.weaver.prepare.DeclaredFailures;
import dev.weft.weaver.prepare.SharedFailureGuard;
import dev.weft.weaver.prepare.SpawnSites;
import dev.weft.weaver.scan.AdapterRegistrations;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.scan.AsyncMethodScan;
import dev.weft.weaver.scan.AwaitCall;
import dev.weft.weaver.scan.BlockingCalls;
import dev.weft.weaver.scan.ConvertedHelpers;
import dev.weft.weaver.scan.DroppedFutures;
import dev.weft.weaver.scan.LocksOverAwaits;
import dev.weft.weaver.scan.RiskyCall;
import dev.weft.weaver.scan.SwallowedCancellations;
import dev.weft.weaver.verify.ClassHierarchy;
import dev.weft.weaver.verify.Verification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.LimitExceededException;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The weaving of one class, from its tree to verified bytes. */
final class ClassWeaving {
  private final byte[] classFile;
  private final ClassNode owner = new ClassNode();
  private final String file;
  private final ClassHierarchy hierarchy;
  private final FrameMode mode;
  private final WeaverOptions options;
  private final CallsBetween calls;
  private final EngineChoice engines;
  private final EntryChoice entries;

  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final List<MethodReport> reports = new ArrayList<>();
  private final Map<String, byte[]> frames = new LinkedHashMap<>();
  private final NewNames names;

  /** By name and descriptor of woven methods and of their continuations. */
  private final Map<String, MethodReport> reportOf = new HashMap<>();

  /** Of the methods of the class file. */
  private final Map<MethodNode, Integer> compiledBytes = new HashMap<>();

  private final Set<String> verified = new HashSet<>();

  /** True if the class mentions no await: without a close that is one it is left alone. */
  private final boolean closesOnly;

  private boolean revised;

  /**
   * Weaves a class, and once more whenever the result shows that a method needs another engine, or
   * has no room for bare calls.
   */
  static WeaveResult weave(
      byte[] classFile,
      ClassHierarchy hierarchy,
      FrameMode mode,
      WeaverOptions options,
      CallsBetween calls) {
    return weave(classFile, hierarchy, mode, options, calls, false);
  }

  /** Weaves a class that mentions no await, if it closes something by one. */
  static Optional<WeaveResult> weaveCloses(
      byte[] classFile,
      ClassHierarchy hierarchy,
      FrameMode mode,
      WeaverOptions options,
      CallsBetween calls) {
    WeaveResult result = weave(classFile, hierarchy, mode, options, calls, true);
    return result.bytes() != null || !result.diagnostics().isEmpty()
        ? Optional.of(result)
        : Optional.empty();
  }

  private static WeaveResult weave(
      byte[] classFile,
      ClassHierarchy hierarchy,
      FrameMode mode,
      WeaverOptions options,
      CallsBetween calls,
      boolean closesOnly) {
    EngineChoice engines = new EngineChoice(options.engine());
    EntryChoice entries = new EntryChoice();
    while (true) {
      ClassWeaving attempt =
          new ClassWeaving(
              classFile, hierarchy, mode, options, calls, engines, entries, closesOnly);
      WeaveResult result = attempt.run();
      if (!attempt.revised) { // ends, because each choice is revised once per method
        return result;
      }
    }
  }

  private ClassWeaving(
      byte[] classFile,
      ClassHierarchy hierarchy,
      FrameMode mode,
      WeaverOptions options,
      CallsBetween calls,
      EngineChoice engines,
      EntryChoice entries,
      boolean closesOnly) {
    new ClassReader(classFile).accept(owner, ClassReader.EXPAND_FRAMES);
    this.classFile = classFile;
    this.file = owner.sourceFile != null ? owner.sourceFile : owner.name.replace('/', '.');
    this.hierarchy = hierarchy;
    this.mode = mode;
    this.options = options;
    this.calls = calls;
    this.engines = engines;
    this.entries = entries;
    this.closesOnly = closesOnly;
    this.names = new NewNames(owner);
  }

  private WeaveResult run() {
    owner.methods.forEach(method -> compiledBytes.put(method, EngineChoice.sizeOf(method)));
    DeclaredFailures.forget(owner);
    SerialVersion serialVersion = new SerialVersion(owner, hierarchy);
    SpawnSites.mark(owner);
    Generators generators = new Generators(owner, names.ofMethods(), hierarchy);
    // After the generators: their bodies are async methods by now, and may call helpers.
    ConvertedHelpers helpers = AwaitingHelpers.convert(owner, hierarchy, !isWoven());
    AsyncMethodScan scan = new AsyncMethodScan(owner, hierarchy, generators, helpers);
    helpers.closes().forEach(this::warn);
    if (closesOnly && scan.methods().isEmpty() && scan.refusals().isEmpty()) {
      return result(null);
    }
    generators.refusals().forEach(refusal -> diagnostics.add(refusal.in(file)));
    scan.refusals().forEach(refusal -> diagnostics.add(refusal.in(file)));
    new BlockingCalls(hierarchy).in(scan.methods()).forEach(this::warn);
    new DroppedFutures(hierarchy).in(owner).forEach(this::warn);
    new LocksOverAwaits(owner, hierarchy).in(scan.methods()).forEach(this::warn);
    SwallowedCancellations.in(scan.methods()).forEach(this::warn);
    new AdapterRegistrations(hierarchy.source(), hierarchy)
        .missing(scan.methods())
        .forEach(this::warn);
    // A breakpoint at a method's name is to stop at each call of it.
    BareCalls bare =
        options.debug()
            ? BareCalls.none(owner, scan.methods(), hierarchy)
            : BareCalls.apply(
                owner, scan.methods(), hierarchy, calls, each -> !without(each).isEmpty());
    for (AsyncMethod method : bare.methods()) {
      MethodReport.Calls made =
          new MethodReport.Calls(method.isBare(), bare.lines(method), without(method));
      try {
        weave(method, made);
      } catch (Refusal refusal) {
        revised |= made.areAny() && reviseRefused(method, refusal);
        diagnostics.add(refusal.in(file));
      }
    }
    boolean initRemoved = removeEaInit();
    boolean entriesMade = makeTestEntries();
    boolean changed = initRemoved || entriesMade || !reports.isEmpty() || !generators.isEmpty();
    if (failed() || !changed) {
      return result(null);
    }
    generators.methods().forEach(method -> verified.add(method.name + method.desc));
    serialVersion.keep();
    byte[] bytes = write();
    if (bytes != null) {
      verify(bytes);
      CodeSizes sizes = new CodeSizes(bytes);
      reviseHugeMethods(sizes);
      warnOfHugeMethods(sizes);
    }
    return result(failed() ? null : bytes);
  }

  private String without(AsyncMethod async) {
    return entries.reasonAgainst(async.source().name, async.compiled());
  }

  private boolean reviseRefused(AsyncMethod async, Refusal refusal) {
    return entries.revise(
        async.source().name, async.compiled(), "it could not be woven: " + refusal.getMessage());
  }

  /** The last resort before an error; the problem is the class's if there is no report. */
  private boolean reviseEntries(@Nullable MethodReport report, String problem) {
    return report == null ? entries.revise(reports, problem) : entries.revise(report, problem);
  }

  /** In a woven class the closes that are left are meant to be. */
  private boolean isWoven() {
    return owner.attrs != null
        && owner.attrs.stream().anyMatch(each -> each.type.equals(WovenAttribute.NAME));
  }

  private boolean failed() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  private void warn(RiskyCall call) {
    warn(call.code(), call.line(), call.message());
  }

  private void warn(DiagnosticCode code, int line, String message) {
    Severity severity = options.severities().of(code);
    if (severity != Severity.OFF) {
      diagnostics.add(new Diagnostic(file, line, code, severity, message));
    }
  }

  /** The estimate that the choice was made by leaves out the padding of switches. */
  private void reviseHugeMethods(CodeSizes sizes) {
    for (MethodNode method : owner.methods) {
      if (sizes.of(method.name, method.desc) > CodeSizes.HOTSPOT_LIMIT) {
        MethodReport report = reportOf.get(method.name + method.desc);
        revised |=
            engines.revise(report, EngineChoice.TOO_LARGE_BY_EA)
                || entries.revise(report, EngineChoice.TOO_LARGE);
      }
    }
  }

  private void warnOfHugeMethods(CodeSizes sizes) {
    for (MethodNode method : owner.methods) {
      MethodReport report = reportOf.get(method.name + method.desc);
      int bytes = sizes.of(method.name, method.desc);
      if (report != null && bytes > CodeSizes.HOTSPOT_LIMIT) {
        warn(
            DiagnosticCode.HUGE_METHOD,
            report.line(),
            ("the async method %s has %d bytes of code once it is woven, and HotSpot does not compile"
                    + " a method of more than %d: it would be interpreted forever. Move parts of it"
                    + " to methods of their own")
                .formatted(report.name(), bytes, CodeSizes.HOTSPOT_LIMIT));
      }
    }
  }

  private WeaveResult result(byte @Nullable [] bytes) {
    boolean woven = bytes != null;
    return new WeaveResult(
        owner.name,
        bytes,
        woven && mode == FrameMode.CLASS_FILES ? Map.copyOf(frames) : Map.of(),
        woven ? List.copyOf(reports) : List.of(),
        diagnostics.stream().distinct().sorted().toList());
  }

  private void weave(AsyncMethod async, MethodReport.Calls made) throws Refusal {
    MethodNode method = async.method();
    int originalBytes = compiledBytes.getOrDefault(async.source(), EngineChoice.sizeOf(method));
    int line = async.line(); // while the method has its code
    SharedFailureGuard.in(method, hierarchy);
    String frameName = names.frame(async.source().name);
    String continuedName = names.continued(async.source().name);
    EngineChoice.Choice choice =
        engines.lower(
            new LoweringTarget(
                owner, async, mode, options.debug(), frameName, continuedName, hierarchy));
    LoweredMethod lowered = choice.lowered();
    method.access = lowered.first().access;
    method.instructions = lowered.first().instructions;
    method.tryCatchBlocks = lowered.first().tryCatchBlocks;
    method.localVariables = lowered.first().localVariables;
    method.visibleLocalVariableAnnotations = null;
    method.invisibleLocalVariableAnnotations = null;
    owner.methods.addAll(lowered.added());
    frames.put(frameName, lowered.frame());
    MethodReport report =
        new MethodReport(
            async.source().name,
            async.compiled(),
            line,
            choice.engine(),
            choice.reason(),
            originalBytes,
            EngineChoice.sizeOf(lowered)
                + (async.isBare() ? EngineChoice.sizeOf(async.source()) : 0),
            lowered.points(),
            made);
    reports.add(report);
    reportOf.put(method.name + method.desc, report);
    lowered.added().forEach(added -> reportOf.put(added.name + added.desc, report));
    reportOf.put(report.name() + report.descriptor(), report);
    if (async.isBare()) {
      reportOf.put(async.source().name + async.source().desc, report);
    }
    verified.addAll(reportOf.keySet());
  }

  /** EA's users start it with {@code Async.init()}; woven code needs no start. */
  private boolean removeEaInit() {
    boolean found = false;
    for (MethodNode method : owner.methods) {
      for (AbstractInsnNode insn : method.instructions.toArray()) {
        if (AwaitCall.isEaInit(insn)) {
          method.instructions.set(insn, new InsnNode(Opcodes.NOP));
          found = true;
        }
      }
    }
    return found;
  }

  /** A woven method that is a test is known by either name from here on. */
  private boolean makeTestEntries() {
    Map<String, String> renamed = new AsyncTestEntries(owner, hierarchy).make();
    renamed.forEach(
        (key, name) -> {
          verified.add(name + key.substring(key.indexOf('(')));
          verified.add(key.substring(0, key.indexOf(')') + 1) + "V"); // the entry
          MethodReport report = reportOf.get(key);
          if (report != null) {
            reportOf.put(name + report.descriptor(), report);
          }
        });
    return !renamed.isEmpty();
  }

  private byte @Nullable [] write() {
    if (!reports.isEmpty()) {
      owner.visitAttribute(new WovenAttribute(reports));
    }
    FarJumps.widen(owner);
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    try {
      owner.accept(writer);
      return writer.toByteArray();
    } catch (MethodTooLargeException e) {
      MethodReport report = reportOf.get(e.getMethodName() + e.getDescriptor());
      String problem = "it would outgrow a method's 64 KiB";
      if (engines.revise(report, problem) || entries.revise(report, problem)) {
        revised = true;
        return null;
      }
      diagnostics.add(
          new Diagnostic(
              file,
              lineOf(report),
              DiagnosticCode.METHOD_TOO_LARGE,
              "the async method "
                  + (report == null ? e.getMethodName() : report.name())
                  + " grows beyond the 64 KiB that a method may have. Move parts of it to methods of"
                  + " their own"));
    } catch (LimitExceededException e) {
      refuseAsTooComplex(e);
    } catch (ClassTooLargeException e) {
      if (entries.revise(reports, "the class would have too many constants")) {
        revised = true;
        return null;
      }
      diagnostics.add(
          new Diagnostic(
              file,
              0,
              DiagnosticCode.CLASS_TOO_LARGE,
              "the class has too many constants once it is woven. Split it in two"));
    }
    return null;
  }

  /** ASM bounds the work for finding the depth of a stack, and does not say in which method. */
  private void refuseAsTooComplex(LimitExceededException e) {
    MethodReport largest =
        reports.stream().max(Comparator.comparingInt(MethodReport::wovenBytes)).orElseThrow();
    String problem = "it would have too many exception handlers in too much code";
    if (engines.revise(largest, problem) || entries.revise(reports, problem)) {
      revised = true;
      return;
    }
    diagnostics.add(
        new Diagnostic(
            file,
            largest.line(),
            DiagnosticCode.METHOD_TOO_LARGE,
            ("the async method %s has too many exception handlers in too much code, %d bytes once it is woven"
                    + " (%s). Move parts of it to methods of their own")
                .formatted(largest.name(), largest.wovenBytes(), e.getMessage())));
  }

  private void verify(byte[] bytes) {
    hierarchy.add(bytes);
    frames.values().forEach(hierarchy::add);
    for (Verification.Problem problem :
        Verification.verify(
            bytes, method -> verified.contains(method.name + method.desc), hierarchy)) {
      refuse(problem, reportOf.get(problem.method()));
    }
    int method = 0;
    for (byte[] frame : frames.values()) { // in the order of the reports
      MethodReport report = reports.get(method++);
      for (Verification.Problem problem : Verification.verify(frame, any -> true, hierarchy)) {
        refuse(problem, report);
      }
    }
  }

  private void refuse(Verification.Problem problem, @Nullable MethodReport report) {
    if (engines.revise(report, "EA Async's code would not pass verification: " + problem.problem())
        || reviseEntries(report, "it would not pass verification: " + problem.problem())) {
      revised = true;
      return;
    }
    diagnostics.add(new InvalidCode(classFile, file, hierarchy).diagnostic(problem, report));
  }

  private static int lineOf(@Nullable MethodReport report) {
    return report == null ? 0 : report.line();
  }
}

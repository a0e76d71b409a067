package dev.weft;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.weft.node.timer.DelayHistogram;

/**
 * Which packages of this module need what is optional. That no other module is needed the compiler
 * checks, by module-info, and who imports whom {@link PackageGraphTest}.
 */
@AnalyzeClasses(packages = "dev.weft", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageRulesTest {
  /** An application without sockets carries no Netty. */
  @ArchTest
  static final ArchRule onlyNetKnowsNetty =
      noClasses()
          .that(not(resideInAPackage("dev.weft.net..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule nothingDependsOnNet =
      noClasses()
          .that(not(resideInAPackage("dev.weft.net..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.weft.net..");

  /** An application without Micrometer carries none, and its metrics still work. */
  @ArchTest
  static final ArchRule onlyTheMeterBinderKnowsMicrometer =
      noClasses()
          .that()
          .doNotHaveSimpleName("WeftMeterBinder")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer.core..");

  /** Nor one that carries no thread-locals of libraries. */
  @ArchTest
  static final ArchRule onlyOneClassKnowsTheRegistryOfThreadLocals =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.weft.context.PropagatedValues")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer.context..");

  /** An event's class is touched behind a switch that is on; nothing else may need the module. */
  @ArchTest
  static final ArchRule onlyOneRoomKnowsTheFlightRecorder =
      noClasses()
          .that(not(resideInAPackage("dev.weft.jfr")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.jfr..");

  @ArchTest
  static final ArchRule onlyTheHistogramOfDelaysKnowsHdrHistogram =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(DelayHistogram.class.getName())
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.HdrHistogram..");
}

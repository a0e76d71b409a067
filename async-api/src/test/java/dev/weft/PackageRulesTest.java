package dev.weft;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.weft.node.timer.DelayHistogram;

/** The dependencies between the packages of this module, and to the outside. */
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

  /** Woven code needs the frames and the executor's interface, whatever executor that is. */
  @ArchTest
  static final ArchRule framesKnowNoScheduler =
      noClasses()
          .that()
          .resideInAPackage("dev.weft.frame..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.weft.scheduler..", "dev.weft.node..");

  /** An application without Micrometer carries none, and its metrics still work. */
  @ArchTest
  static final ArchRule onlyTheMeterBinderKnowsMicrometer =
      noClasses()
          .that()
          .doNotHaveSimpleName("WeftMeterBinder")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule nothingElseIsNeeded =
      classes()
          .that(not(resideInAPackage("dev.weft.net..")))
          .and()
          .doNotHaveFullyQualifiedName(DelayHistogram.class.getName()) // which is for HdrHistogram
          .and()
          .doNotHaveSimpleName("WeftMeterBinder")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.weft..", "java..", "javax.management..", "org.slf4j..", "org.jspecify..");
}

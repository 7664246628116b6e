package dev.feira.notification;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.notification", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchTests sharedRules = ArchTests.in(ArchitectureRules.class);

    @ArchTest
    static final ArchRule noCycles = ArchitectureRules.noCycles("dev.feira.notification");

    @ArchTest
    static final ArchRule onlyTheDomainExposesPersistence = noClasses()
            .that()
            .resideOutsideOfPackage("..persistence..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.feira.notification.persistence..")
            .because("use cases depend on the domain's interfaces");

    @ArchTest
    static final ArchRule persistenceCallsNoUseCases = ArchitectureRules.PERSISTENCE_CALLS_NO_USE_CASES;

    @ArchTest
    static final ArchRule configUsesNoOtherPackage = ArchitectureRules.CONFIG_USES_NO_OTHER_PACKAGE;

    @ArchTest
    static final ArchRule sqlOnlyInPersistence = ArchitectureRules.sqlOnlyInPersistence();
}

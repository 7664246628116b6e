package dev.feira.user;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.user", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchTests sharedRules = ArchTests.in(ArchitectureRules.class);

    @ArchTest
    static final ArchRule noCycles = ArchitectureRules.noCycles("dev.feira.user");

    @ArchTest
    static final ArchRule persistenceIsUsedThroughInterfacesOnly = noClasses()
            .that()
            .resideOutsideOfPackage("..persistence..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.feira.user.persistence..")
            .because("its classes implement interfaces of domain, keys and the authorization server");

    @ArchTest
    static final ArchRule sqlIsInPersistenceOnly = noClasses()
            .that()
            .resideOutsideOfPackage("..persistence..")
            .and()
            .haveSimpleNameNotEndingWith("Audit")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework.jdbc.core.simple..") // JdbcClient; Spring Data's @Query is allowed
            .because("all statements of JdbcClient are in persistence");

    @ArchTest
    static final ArchRule providerAndKeysDoNotUseUseCases = noClasses()
            .that()
            .resideInAnyPackage("..provider..", "..keys..", "..domain..", "..config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.feira.user.application..");
}

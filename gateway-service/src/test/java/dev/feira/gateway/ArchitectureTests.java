package dev.feira.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.gateway", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule nothingCallsTheWeb = ArchitectureRules.NOTHING_CALLS_THE_WEB;

    @ArchTest
    static final ArchRule controllersArePackagePrivate = ArchitectureRules.CONTROLLERS_ARE_PACKAGE_PRIVATE;

    @ArchTest
    static final ArchRule noPrinting = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule noFieldInjection = ArchitectureRules.NO_FIELD_INJECTION;

    @ArchTest
    static final ArchRule noCycles = ArchitectureRules.noCycles("dev.feira.gateway");

    /** A token that a controller can see is a token that it can show. */
    @ArchTest
    static final ArchRule onlyRoutingSeesTokens = noClasses()
            .that()
            .resideOutsideOfPackages("..login..", "..routing..")
            .should()
            .accessField("dev.feira.gateway.login.Login$Tokens", "accessToken")
            .orShould()
            .callMethod("dev.feira.gateway.login.Login$Tokens", "accessToken")
            .orShould()
            .callMethod("dev.feira.gateway.login.Login$Tokens", "refreshToken");

    @ArchTest
    static final ArchRule onlyLoginTouchesTheDatabaseOfSessions = noClasses()
            .that()
            .resideOutsideOfPackages("..login..", "..limits..", "..problem..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.jdbc..", "org.springframework.session..");
}

package dev.feira.order;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.order", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule domainUsesNoTransport = ArchitectureRules.DOMAIN_KNOWS_NO_TRANSPORT;

    @ArchTest
    static final ArchRule applicationUsesNoHttp = ArchitectureRules.APPLICATION_KNOWS_NO_HTTP;

    @ArchTest
    static final ArchRule webUsesNoRepositories = ArchitectureRules.WEB_USES_NO_REPOSITORIES;

    @ArchTest
    static final ArchRule nothingCallsTheWeb = ArchitectureRules.NOTHING_CALLS_THE_WEB;

    @ArchTest
    static final ArchRule controllersArePackagePrivate = ArchitectureRules.CONTROLLERS_ARE_PACKAGE_PRIVATE;

    @ArchTest
    static final ArchRule timeComesFromTheClock = ArchitectureRules.TIME_COMES_FROM_THE_CLOCK;

    @ArchTest
    static final ArchRule eventsUseNoHttpAndNoSql = ArchitectureRules.EVENTS_KNOW_NO_HTTP_AND_NO_SQL;

    @ArchTest
    static final ArchRule nothingPrints = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule noFieldInjection = ArchitectureRules.NO_FIELD_INJECTION;

    @ArchTest
    static final ArchRule packagesHaveNoCycles = ArchitectureRules.noCycles("dev.feira.order");

    @ArchTest
    static final ArchRule onlyPersistenceAndSagaUseJdbc = noClasses()
            .that()
            .resideOutsideOfPackages("..persistence..", "..saga..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework.jdbc..");

    @ArchTest
    static final ArchRule onlyClientPackagesUseHttpClients = noClasses()
            .that()
            .resideOutsideOfPackages("..catalog..", "..payment..", "..config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.web.client..", "org.springframework.web.service..", "java.net.http..");
}

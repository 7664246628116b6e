package dev.feira.payment;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.payment", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule domainKnowsNoTransport = ArchitectureRules.DOMAIN_KNOWS_NO_TRANSPORT;

    @ArchTest
    static final ArchRule applicationKnowsNoHttp = ArchitectureRules.APPLICATION_KNOWS_NO_HTTP;

    @ArchTest
    static final ArchRule webUsesNoRepositories = ArchitectureRules.WEB_USES_NO_REPOSITORIES;

    @ArchTest
    static final ArchRule nothingCallsTheWeb = ArchitectureRules.NOTHING_CALLS_THE_WEB;

    @ArchTest
    static final ArchRule controllersArePackagePrivate = ArchitectureRules.CONTROLLERS_ARE_PACKAGE_PRIVATE;

    @ArchTest
    static final ArchRule timeComesFromTheClock = ArchitectureRules.TIME_COMES_FROM_THE_CLOCK;

    @ArchTest
    static final ArchRule noPrinting = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule noFieldInjection = ArchitectureRules.NO_FIELD_INJECTION;

    @ArchTest
    static final ArchRule noCycles = ArchitectureRules.noCycles("dev.feira.payment");

    @ArchTest
    static final ArchRule configUsesNoOtherPackage = ArchitectureRules.CONFIG_USES_NO_OTHER_PACKAGE;
}

package dev.feira.user;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.user", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule DOMAIN = ArchitectureRules.DOMAIN_KNOWS_NO_TRANSPORT;

    @ArchTest
    static final ArchRule APPLICATION = ArchitectureRules.APPLICATION_KNOWS_NO_HTTP;

    @ArchTest
    static final ArchRule WEB = ArchitectureRules.WEB_USES_NO_REPOSITORIES;

    @ArchTest
    static final ArchRule BACK = ArchitectureRules.NOTHING_CALLS_THE_WEB;

    @ArchTest
    static final ArchRule CONTROLLERS = ArchitectureRules.CONTROLLERS_ARE_PACKAGE_PRIVATE;

    @ArchTest
    static final ArchRule TIME = ArchitectureRules.TIME_COMES_FROM_THE_CLOCK;

    @ArchTest
    static final ArchRule PRINTING = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule INJECTION = ArchitectureRules.NO_FIELD_INJECTION;

    @ArchTest
    static final ArchRule CYCLES = ArchitectureRules.noCycles("dev.feira.user");
}

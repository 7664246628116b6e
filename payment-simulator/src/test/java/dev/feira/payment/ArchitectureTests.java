package dev.feira.payment;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.feira.test.ArchitectureRules;

@AnalyzeClasses(packages = "dev.feira.payment", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule domain = ArchitectureRules.DOMAIN_KNOWS_NO_TRANSPORT;

    @ArchTest
    static final ArchRule application = ArchitectureRules.APPLICATION_KNOWS_NO_HTTP;

    @ArchTest
    static final ArchRule web = ArchitectureRules.WEB_USES_NO_REPOSITORIES;

    @ArchTest
    static final ArchRule inwards = ArchitectureRules.NOTHING_CALLS_THE_WEB;

    @ArchTest
    static final ArchRule controllers = ArchitectureRules.CONTROLLERS_ARE_PACKAGE_PRIVATE;

    @ArchTest
    static final ArchRule time = ArchitectureRules.TIME_COMES_FROM_THE_CLOCK;

    @ArchTest
    static final ArchRule logs = ArchitectureRules.NO_PRINTING;

    @ArchTest
    static final ArchRule injection = ArchitectureRules.NO_FIELD_INJECTION;

    @ArchTest
    static final ArchRule cycles = ArchitectureRules.noCycles("dev.feira.payment");
}

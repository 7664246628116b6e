package dev.feira.defaults;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Runs the jobs of a service that has any. */
@AutoConfiguration(beforeName = "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration")
class SchedulingAutoConfiguration {

    /** More than any service has; a thread that waits is a virtual one. */
    private static final int JOBS = 8;

    /**
     * A thread for each job: Spring's scheduler on virtual threads runs all jobs with a fixed delay in one, where a job
     * that waits for another service would keep the others waiting.
     */
    @Bean
    @ConditionalOnMissingBean(TaskScheduler.class)
    ThreadPoolTaskScheduler taskScheduler() {
        var scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(JOBS);
        scheduler.setThreadFactory(Thread.ofVirtual().name("job-", 0).factory());
        return scheduler;
    }
}

package dev.feira.defaults;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Enables scheduled tasks and configures their scheduler. */
@EnableScheduling
@AutoConfiguration(beforeName = "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration")
class SchedulingAutoConfiguration {

    /** More than the tasks of any service; a waiting virtual thread is cheap. */
    private static final int POOL_SIZE = 8;

    /**
     * Creates a scheduler with a thread for each task. Spring's scheduler on virtual threads runs all fixed-delay tasks on one
     * thread, where a task that waits for another service would delay the others.
     */
    @Bean
    @ConditionalOnMissingBean(TaskScheduler.class)
    ThreadPoolTaskScheduler taskScheduler() {
        var scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(POOL_SIZE);
        scheduler.setThreadFactory(Thread.ofVirtual().name("task-", 0).factory());
        return scheduler;
    }
}

"""What prove, faults and mutants share: processes with progress, test reports, and dated results in docs/results."""
import datetime, os, pathlib, re, subprocess, sys, time
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROMISES = ROOT / 'docs' / 'promises.md'
RESULTS = ROOT / 'docs' / 'results'
MAVEN = [os.environ.get('MVN', 'mvn'), '-B', '-ntp']
TODAY = str(datetime.date.today())


def progress(line):
    if sys.stdout.isatty():
        print(f'\r\033[K{line}', end='', flush=True)


def run(command, output, label, folder=ROOT, poll=lambda: None):
    """Runs a command, shows its duration, calls poll every second, and returns the exit code."""
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    while process.poll() is None:
        poll()
        progress(f'{label} {time.monotonic() - begin:5.0f} s')
        time.sleep(1)
    poll()
    progress('')
    return process.returncode


def delete_reports(*folders):
    """Deletes the test reports of earlier runs, and returns the folders. Failsafe fails a module without tests by an old summary."""
    for folder in folders:
        for name in 'TEST-*.xml', 'failsafe-summary.xml':
            for report in (ROOT / folder).glob(name):
                report.unlink()
    return [ROOT / folder for folder in folders]


def test_cases(folders):
    """Yields (class.method, outcome) of each test case: passed, failed or skipped."""
    for report in (report for folder in folders for report in folder.glob('TEST-*.xml')):
        for case in xml.parse(report).getroot().iter('testcase'):
            name = f"{case.get('classname').rsplit('.', 1)[-1]}.{re.split('[({]', case.get('name'))[0]}"
            failed = case.find('failure') is not None or case.find('error') is not None
            yield name, 'failed' if failed else 'skipped' if case.find('skipped') is not None else 'passed'


def count(folders):
    """Returns how many test cases passed, failed and were skipped."""
    outcomes = [outcome for _, outcome in test_cases(folders)]
    return [outcomes.count(outcome) for outcome in ('passed', 'failed', 'skipped')]


def write_result(name, text):
    """Writes docs/results/DATE-NAME.md, and returns its name."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f'{TODAY}-{name}.md'
    file.write_text(text)
    return file.name


def latest_result(name):
    """Returns the text of the newest docs/results/DATE-NAME.md; empty where there is none."""
    files = sorted(RESULTS.glob(f'????-??-??-{name}.md'))
    return files[-1].read_text() if files else ''


def link_last_run(name):
    """Links the result file of today after "Last run:" in docs/promises.md."""
    link = f'Last run: [{TODAY}](results/{TODAY}-{name}.md)'
    text, found = re.subn(rf'Last run: \[[^\]]*\]\(results/[^)]*-{name}\.md\)', link, PROMISES.read_text())
    if not found:
        sys.exit(f'feira: docs/promises.md has no line "Last run: [DATE](results/DATE-{name}.md)"')
    PROMISES.write_text(text)


def update_promise(number, result, file):
    """Replaces result (at most 15 words), date and run in the promise's row: in the first table of docs/promises.md only."""
    words = result.replace('|', '/').split()
    short = ' '.join(words[:15]) + (' …' if len(words) > 15 else '')
    before, table, after = re.match(r'(.*?)((?:^\|[^\n]*\n)+)(.*)', PROMISES.read_text(), flags=re.S | re.M).groups()
    table, found = re.subn(rf'^(\| {number} \|.*\|)[^|\n]*\|[^|\n]*\|[^|\n]*\|$',
                           lambda row: f'{row[1]} {short} | {TODAY} | [run](results/{file}) |', table, flags=re.M)
    if not found:
        sys.exit(f'feira: docs/promises.md has no row {number}')
    PROMISES.write_text(before + table + after)


def commit():
    """Returns the short id of the tested commit; "-dirty" where files are changed."""
    described = subprocess.run(['git', '-C', str(ROOT), 'describe', '--always', '--dirty'], capture_output=True, text=True)
    return described.stdout.strip() or 'unknown'

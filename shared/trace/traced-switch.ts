import type { Case, NodeSnapshot } from '../snapshot/node-snapshot';
import { switchQuestions } from './ask-switch';
import { compareWithSwitch, type SwitchComparison } from './switch-answer';
import type { Trace } from './trace';

/** A question of one node's ports, and how its last answer compares with the trace. */
interface TracedAsk {
  readonly port: string;
  readonly tuple: string;
  readonly name: string;
  readonly chosen: string[];
  readonly answer: Pick<SwitchComparison, 'kind' | 'text'> | null;
}

const ASKED = /^Asked of port (\S+): (.+)$/;

/** What a node can be asked about a way of a trace; answers are in the file that the question left in its snapshot. */
export function tracedSwitch(
  trace: Trace,
  theCase: Case,
  branch: number,
  snapshot: NodeSnapshot,
): { readonly asks: TracedAsk[]; readonly notAsked: string[] } {
  const { questions, notAsked } = switchQuestions(trace, theCase, branch);
  const own = questions.filter(({ snapshotId }) => snapshotId === snapshot.id);
  const others = questions.filter((question) => !own.includes(question));
  const answers = switchAnswers(snapshot);
  return {
    asks: own.map((question) => {
      const tuple = question.argv.at(-1) ?? '';
      const said = answers.get(`${question.portGuid} ${tuple}`);
      const compared =
        said === undefined
          ? undefined
          : compareWithSwitch(question, said.join('\n'), trace, theCase, branch);
      return {
        port: question.portGuid,
        tuple,
        name: question.portName,
        chosen: [...question.chosen],
        answer: compared === undefined ? null : { kind: compared.kind, text: compared.text },
      };
    }),
    notAsked: [...notAsked, ...others.map(({ portName, node }) => `${portName}: it is on ${node}`)],
  };
}

/** Lines of each answer, by port and packet. */
function switchAnswers(snapshot: NodeSnapshot): ReadonlyMap<string, readonly string[]> {
  const answers = new Map<string, string[]>();
  const parsed = snapshot.files.find(({ file }) => /(^|\/)process-tuples\.txt$/i.test(file.path));
  if (parsed === undefined) return answers;
  let open: string[] | undefined;
  for (const line of parsed.file.lines(1, parsed.file.lineCount)) {
    const asked = ASKED.exec(line.trimEnd());
    if (asked !== null) {
      open = [];
      answers.set(`${asked[1] ?? ''} ${asked[2] ?? ''}`, open);
    } else open?.push(line.replace(/^\| ?/, ''));
  }
  return answers;
}

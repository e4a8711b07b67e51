import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import { type AlertRule, alertRuleQuery, alertsChanged, deleteRule, saveRule } from '../../api/alerts';
import { parseScope } from '../../domain/scope';
import controls from '../../ui/controls.module.css';
import { PageHead } from '../../ui/page-head';
import { keepCommon, useUrl } from '../../ui/search';
import { Failed, Skeleton } from '../../ui/states';
import styles from './alerts.module.css';
import { type Draft, draftOf, NEW_DRAFT, specOf } from './rule-draft';
import { RuleForm } from './rule-form';
import { RulePreview } from './rule-preview';
import { Sure } from './sure';
import { useAlertWords } from './words';

/** A rule on one page: what, how long, how grave, who; and beside it what that would have done. */
export function AlertRulePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const words = useAlertWords();
  const isNew = id === 'new';
  const { data, error, refetch } = useQuery({ ...alertRuleQuery(id), enabled: !isNew });
  const title = isNew ? words.form.newTitle : (data?.spec.name ?? words.form.title);
  const rules = (
    <Link to="/alerts/rules" search={keepCommon()}>
      {words.tabs.rules}
    </Link>
  );
  return (
    <div className={styles.page}>
      <PageHead crumbs={[words.tabs.label, rules]} title={title} />
      {isNew || data ? (
        <Editor key={`${id} ${data?.version}`} rule={data} />
      ) : error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={10} inset />
      )}
    </div>
  );
}

function Editor({ rule }: { rule: AlertRule | undefined }) {
  const words = useAlertWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { expr, name, scope } = useUrl();
  const [draft, setDraft] = useState<Draft>(() =>
    rule ? draftOf(rule.spec) : { ...NEW_DRAFT, expr: expr ?? '', name: name ?? '' },
  );
  const [asked, setAsked] = useState(false);
  const slow = useDeferredValue(draft);
  const preview = useMemo(() => specOf({ ...slow, name: slow.name || 'preview' }).spec, [slow]);
  const { spec, wrong = [] } = specOf(draft);
  const toRules = () => {
    alertsChanged(queries);
    void navigate({ to: '/alerts/rules', search: keepCommon() });
  };
  const save = useMutation({
    mutationFn: () => saveRule(spec!, rule?.id, rule?.version),
    onSuccess: toRules,
  });
  const remove = useMutation({ mutationFn: () => deleteRule(rule!.id), onSuccess: toRules });
  const failed = save.error ?? remove.error;
  return (
    <div className={styles.two}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (spec) save.mutate();
        }}
      >
        {rule?.origin === 'changed' && <p className={styles.muted}>{words.form.changedNote}</p>}
        <RuleForm
          draft={draft}
          scope={parseScope(scope)}
          onChange={(patch) => setDraft({ ...draft, ...patch })}
        />
        {asked && wrong.length > 0 && (
          <p className={styles.wrong} role="alert">
            {wrong.map((w) => words.form.wrong[w]).join(' ')}
          </p>
        )}
        {failed && (
          <p className={styles.wrong} role="alert">
            {failed.message}
          </p>
        )}
        <div className={styles.row}>
          <button
            type="submit"
            className={`${controls.control} ${controls.primary}`}
            disabled={save.isPending}
          >
            {rule ? words.form.save : words.form.create}
          </button>
          <Link to="/alerts/rules" search={keepCommon()} className={controls.control}>
            {words.form.cancel}
          </Link>
          {rule && rule.origin !== 'shipped' && (
            <Sure
              label={rule.origin === 'changed' ? words.form.reset : words.form.remove}
              sure={words.form.sure}
              busy={remove.isPending}
              onSure={() => remove.mutate()}
            />
          )}
        </div>
      </form>
      <RulePreview spec={preview} wrong={wrong} />
    </div>
  );
}

import { useState } from 'react';
import { GROUPINGS, type Grouping, parseGrouping } from '../../domain/grouping';
import controls from '../../ui/controls.module.css';
import { useWords } from '../../ui/i18n/words';
import { Icon } from '../../ui/icons';
import { Popover } from '../../ui/popover';
import styles from './toolbar.module.css';

interface GroupByProps {
  by: Grouping;
  onChange: (by: Grouping) => void;
}

const nameOf = (by: Grouping) => by.join(' › ');

/** Which labels rows stand under: one of the usual orders, or one's own. */
export function GroupBy({ by, onChange }: GroupByProps) {
  const words = useWords();
  return (
    <Popover
      label={words.explore.groupBy}
      buttonClass={controls.control}
      button={
        <>
          <Icon name="explore" size={14} />
          {nameOf(by)}
        </>
      }
    >
      {(close) => (
        <fieldset className={styles.choice}>
          <legend className={styles.legend}>{words.explore.groupBy}</legend>
          {GROUPINGS.map((one) => (
            <label key={nameOf(one)} className={controls.check}>
              <input
                type="radio"
                name="by"
                checked={nameOf(one) === nameOf(by)}
                onChange={() => {
                  onChange(one);
                  close();
                }}
              />
              {nameOf(one)}
            </label>
          ))}
          <hr />
          <OwnOrder
            by={by}
            onChange={(own) => {
              onChange(own);
              close();
            }}
          />
        </fieldset>
      )}
    </Popover>
  );
}

function OwnOrder({ by, onChange }: GroupByProps) {
  const words = useWords();
  const [text, setText] = useState(by.join(', '));
  return (
    <form
      className={styles.own}
      onSubmit={(event) => {
        event.preventDefault();
        const own = parseGrouping(text);
        if (own.length > 0) onChange(own);
      }}
    >
      <span className={controls.field}>
        <input
          aria-label={words.explore.ownGrouping}
          title={words.explore.groupHint}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      <button type="submit" className={controls.control} disabled={parseGrouping(text).length === 0}>
        {words.explore.applyGrouping}
      </button>
    </form>
  );
}

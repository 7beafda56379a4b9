/** The settings: theme and language. */
import { Choice } from '../design/choice.tsx';
import { Icon } from '../design/marks.tsx';
import { Popover } from '../design/popover.tsx';
import { setTheme, themes, useTheme } from '../design/theme.ts';
import { languages, setLanguage, useLanguage, useWords } from '../language/language.ts';

export function Settings() {
  const { house } = useWords();
  return (
    <Popover
      name={house.settings}
      button={
        <>
          <Icon name="settings" />
          <span className="out-of-sight">{house.settings}</span>
        </>
      }
    >
      <Choice
        legend={house.theme}
        legendShown
        wide
        chosen={useTheme()}
        options={themes.map((theme) => ({ value: theme, text: house.themes[theme] }))}
        onChoose={setTheme}
      />
      <Choice
        legend={house.language}
        legendShown
        wide
        chosen={useLanguage()}
        options={languages.map(({ language, name }) => ({ value: language, text: name }))}
        onChoose={setLanguage}
      />
    </Popover>
  );
}

import '../kit/base.css';
import './profile.css';
import './chart.css';
import './whatIf.css';
import { mount } from '../kit/mount.tsx';
import { App } from './App.tsx';

mount(<App />);
